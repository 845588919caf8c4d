using PhysioActors.Seed.Terminal;

namespace PhysioActors.Seed.Tests.Terminal;

public sealed class CountingTests
{
    [Theory]
    [InlineData(0, "0 patients")]
    [InlineData(1, "1 patient")]
    [InlineData(2500, "2,500 patients")]
    public void One_is_singular(long number, string text) => Assert.Equal(text, Counting.Of(number, "patient"));
}
