using PhysioActors.Processing.Patients;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class ActorSettingsTests
{
    [Fact]
    public void The_standard_options_are_the_standard_configuration_of_actors() =>
        Assert.Equal(ActorConfiguration.Default.Fingerprint, ActorSettings.From(PhysioOptions.Default).Fingerprint);

    [Theory]
    [InlineData("Rules:hr-high:Limit", "150")]
    [InlineData("Rules:hr-high:Hysteresis", "4")]
    [InlineData("Rules:hr-high:SevereMargin", "4")]
    [InlineData("Rules:hr-high:OnsetSeconds", "11")]
    [InlineData("Rules:hr-high:ClearSeconds", "11")]
    [InlineData("Rules:hr-high:Enabled", "no")]
    [InlineData("Rules:hr-high:Severity", "low")]
    [InlineData("Rules:no-data:AfterSeconds", "61")]
    [InlineData("Rules:no-data:AfterIntervals", "6")]
    [InlineData("Rules:no-data:Severity", "high")]
    [InlineData("Rules:no-data:Enabled", "no")]
    [InlineData("Scoring:PersistenceCount", "9")]
    [InlineData("Scoring:PersistenceSeconds", "30")]
    [InlineData("Scoring:PersistenceOf", "16")]
    public void Every_option_of_rules_and_scoring_reaches_the_actors(string key, string value) =>
        Assert.NotEqual(ActorConfiguration.Default.Fingerprint, ActorSettings.From(PhysioOptions.Read([new(key, value, "test")])).Fingerprint);
}
