using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Tests.Options;

public sealed class PhysioOptionsTests
{
    [Fact]
    public void Nothing_configured_gives_the_documented_standards()
    {
        PhysioOptions options = PhysioOptions.Read([]);

        Assert.Equal("physio", options.Cluster);
        Assert.Equal("physio.observations", options.Topics.Observations);
        Assert.Equal(8, options.Partitions);
        Assert.Equal(30, options.Retention.Days);
        Assert.Equal(22, options.Rules.Limits.Count);
        Assert.Equal(120, options.Rules.Limits.Single(rule => rule.Name == "hr-high").Limit);
    }

    [Fact]
    public void Of_two_entries_with_the_same_key_the_later_one_counts_whatever_its_case()
    {
        PhysioOptions options = PhysioOptions.Read([new("Runtime:SnapshotEvery", "10", "physio.json"), new("RUNTIME:SNAPSHOTEVERY", "20", "environment")]);

        Assert.Equal(20, options.Runtime.SnapshotEvery);
    }

    [Theory]
    [InlineData("Partitions", "6", "power of two")]
    [InlineData("Partitions", "8192", "from 1 to 4096")]
    [InlineData("Partitions", "0", "from 1 to 4096")]
    [InlineData("Cluster", "Ward-7", "a letter first")]
    [InlineData("Cluster", "a_b", "a-z, 0-9 and '-'")]
    [InlineData("Cluster", "", "1 to 40")]
    [InlineData("Brokers", "kafka", "host:port")]
    [InlineData("Brokers", "a:1, b:2", "without spaces")]
    [InlineData("Brokers", "a:99999", "host:port")]
    [InlineData("Runtime:BatchDelayMs", "fast", "whole number from 0 to 1000")]
    [InlineData("Runtime:BatchDelayMs", "1e2", "whole number")]
    [InlineData("Runtime:SessionTimeoutMs", "999", "from 1000 to 300000")]
    [InlineData("Retention:Days", "1", "from 2 to")]
    [InlineData("Rules:hr-high:Limit", "NaN", "a number from 0 to 350")]
    [InlineData("Rules:hr-high:Limit", "1e9", "a number from 0 to 350")]
    [InlineData("Rules:hr-high:ClearSeconds", "-1", "from 0 to 3600")]
    [InlineData("Rules:hr-high:Enabled", "2", "true or false")]
    [InlineData("Scoring:PersistenceCount", "16", "at most Scoring:PersistenceOf, which is 15")]
    [InlineData("Logging:Level", "loud", "debug, info, warning, error")]
    public void A_value_that_is_not_allowed_is_refused_with_key_value_source_and_what_is_allowed(string key, string value, string allowed)
    {
        var refused = Assert.Throws<InvalidOptionsException>(() => PhysioOptions.Read([new(key, value, "physio.json")]));

        string problem = Assert.Single(refused.Problems);
        Assert.StartsWith($"{key} is '{value}' (physio.json); it must be ", problem, StringComparison.Ordinal);
        Assert.Contains(allowed, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Runtime:SnapshotEvry", "Runtime:SnapshotEvery")]
    [InlineData("Partition", "Partitions")]
    [InlineData("Rules:hr-hihg:Limit", "Rules:hr-high:Limit")]
    [InlineData("broker", "Brokers")]
    public void A_key_that_no_option_has_is_refused_with_the_one_that_was_meant(string key, string meant)
    {
        var refused = Assert.Throws<InvalidOptionsException>(() => PhysioOptions.Read([new(key, "1", "command line")]));

        Assert.Equal($"{key} (command line) is not an option. Did you mean {meant}?", Assert.Single(refused.Problems));
    }

    [Fact]
    public void A_key_like_no_other_is_refused_without_a_guess()
    {
        var refused = Assert.Throws<InvalidOptionsException>(() => PhysioOptions.Read([new("Zebra:Stripes:Number", "1", "command line")]));

        Assert.EndsWith("is not an option.", Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var refused = Assert.Throws<InvalidOptionsException>(() => PhysioOptions.Read([new("Partitions", "3", "a"), new("Retention:Days", "x", "a"), new("Nothing", "x", "a")]));

        Assert.Equal(3, refused.Problems.Count);
        Assert.StartsWith("3 options are wrong:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Properties_of_the_Kafka_client_pass_through()
    {
        PhysioOptions options = PhysioOptions.Read([new("Kafka:security.protocol", "SASL_SSL", "physio.json"), new("kafka:SASL.username", "ward", "physio.json")]);

        Assert.Equal(new Dictionary<string, string> { ["sasl.username"] = "ward", ["security.protocol"] = "SASL_SSL" }, options.Kafka);
    }

    [Theory]
    [InlineData("bootstrap.servers", "Set Brokers instead.")]
    [InlineData("isolation.level", "correctness rests on it.")]
    [InlineData("partitioner", "correctness rests on it.")]
    [InlineData("security:protocol", "is nested")]
    public void Properties_on_which_correctness_rests_do_not_pass(string name, string says)
    {
        var refused = Assert.Throws<InvalidOptionsException>(() => PhysioOptions.Read([new("Kafka:" + name, "x", "physio.json")]));

        Assert.Contains(says, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_rule_can_be_changed_alone()
    {
        RulesOptions rules = PhysioOptions.Read(
        [
            new("Rules:spo2-low:Limit", "88.5", "a"), new("Rules:spo2-low:OnsetSeconds", "30", "a"), new("Rules:spo2-low:Hysteresis", "1", "a"),
            new("Rules:spo2-low:SevereMargin", "4", "a"), new("Rules:hr-low:Enabled", "false", "a"), new("Rules:no-data:AfterSeconds", "300", "a"),
        ]).Rules;

        RuleOptions spo2 = rules.Limits.Single(rule => rule.Name == "spo2-low");
        Assert.Equal((88.5, 30, 1.0, 4.0, true), (spo2.Limit, spo2.OnsetSeconds, spo2.Hysteresis, spo2.SevereMargin, spo2.Enabled));
        Assert.Equal(["hr-low"], rules.Limits.Where(rule => !rule.Enabled).Select(rule => rule.Name));
        Assert.Equal(300, rules.NoData.AfterSeconds);
    }

    [Fact]
    public void What_holds_is_listed_with_where_it_was_said()
    {
        PhysioOptions.Read([new("partitions", "16", "physio.json")], out IReadOnlyList<OptionEntry> effective);

        Assert.Contains(new OptionEntry("Partitions", "16", "physio.json"), effective);
        Assert.Contains(new OptionEntry("Estimates:Enabled", "true", "standard"), effective);
        Assert.Equal(effective.Count, effective.Select(entry => entry.Key).Distinct().Count());
    }
}
