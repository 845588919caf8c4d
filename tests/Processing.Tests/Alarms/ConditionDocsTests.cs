using System.Globalization;

using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Tests.Alarms;

/// <summary>The table of conditions in docs/contracts is the program's.</summary>
public sealed class ConditionDocsTests
{
    private static readonly string[][] Rows = [.. ReadRows()];

    [Fact]
    public void Every_condition_stands_in_the_table_with_its_kind_priority_delays_and_latching()
    {
        foreach (AlarmCondition condition in AlarmConditions.All)
        {
            AlarmTiming timing = AlarmSettings.Default.Of(condition.Id);
            string[] row = Assert.Single(Rows, row => Names(row).Contains(condition.Name));
            Assert.Equal(
                $"{AnomalyJson.Text(AlarmMessages.KindOf(condition))} {AnomalyJson.Text(condition.Priority)} {Seconds(timing.OnsetMs)} {Seconds(timing.ClearMs)} {(AlarmSettings.Default.Latches(condition.Id) ? "yes" : "no")}",
                string.Join(' ', row[1..6]));
        }
    }

    [Fact]
    public void The_table_has_no_condition_that_the_program_does_not_know() =>
        Assert.All(Rows.SelectMany(Names), name => Assert.True(AlarmConditions.TryFind(name, out _), name));

    private static string Seconds(int milliseconds) => (milliseconds / 1000.0).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Names(string[] row) => row[0].Split(", ").Select(name => name.Trim('`'));

    private static IEnumerable<string[]> ReadRows()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PhysioActors.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "contracts", "README.md"))
            .SkipWhile(line => !line.StartsWith("| condition | kind |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|', ' ').Split(" | "));
    }
}
