using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Tests.Options;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("statsu", "status")]
    [InlineData("REPLY", "replay")]
    [InlineData("tial", "tail")]
    [InlineData("quux", null)]
    public void The_nearest_word_is_found_when_it_is_near_enough(string word, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(word, ["status", "replay", "tail", "simulate"]));
}
