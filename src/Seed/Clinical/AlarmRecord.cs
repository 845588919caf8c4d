using System.Globalization;
using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Seed.Clinical;

/// <summary>A recording that a bedside monitor's alarm belongs to.</summary>
/// <param name="Name">The record's name.</param>
/// <param name="Path">Its path without an ending.</param>
/// <param name="Condition">What the alarm was.</param>
/// <param name="IsTrue">Whether experts found it true.</param>
/// <param name="AlarmSeconds">When it was announced, from the start of the record.</param>
internal sealed record AlarmRecord(string Name, string Path, RhythmCondition Condition, bool IsTrue, double AlarmSeconds)
{
    private const string Index = "ALARMS.csv";
    private const double AlarmSecondsOfTheChallenge = 300;

    // A day; what is longer, or no number at all, was not meant.
    private const double LongestSeconds = 86_400;

    /// <summary>Whether the last digit of its name is even: the half that was looked at while the monitor was made.</summary>
    public bool IsOfTunedHalf => Name.LastOrDefault(char.IsAsciiDigit) is var digit && (digit - '0') % 2 == 0;

    /// <summary>The recordings of a folder: those that ALARMS.csv lists, or, without it, those whose headers say alarm and truth as the challenge's do.</summary>
    public static AlarmRecord[] Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CommandFailedException($"{folder}: there is no such folder.", "Name the folder with the recordings (.hea and .mat) and their ALARMS.csv.", ExitCodes.Usage);
        string index = System.IO.Path.Combine(folder, Index);
        AlarmRecord[] records = File.Exists(index) ? FromIndex(folder, index) : FromHeaders(folder);
        return records.Length > 0 ? records : throw new CommandFailedException($"{folder}: no recording with an alarm was found there.", $"Either {Index} lists them, or their headers end with lines such as #Asystole and #True alarm.", ExitCodes.Usage);
    }

    private static AlarmRecord[] FromIndex(string folder, string index)
    {
        string[] lines = File.ReadAllLines(index);
        string[] names = lines.Length > 0 ? lines[0].Split(',') : [];
        int record = Column("record"), type = Column("alarm_type"), truth = Column("truth"), time = Array.IndexOf(names, "alarm_time_s");
        var records = new List<AlarmRecord>();
        for (int i = 1; i < lines.Length; i++)
        {
            string[] fields = lines[i].Split(',');
            if (fields.Length <= Math.Max(record, Math.Max(type, truth)))
                throw new CommandFailedException($"{index}, line {i + 1}: it has {fields.Length} fields, the header {names.Length}.");
            double seconds = AlarmSecondsOfTheChallenge;
            if (time >= 0 && time < fields.Length && !(double.TryParse(fields[time], NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds is > 0 and < LongestSeconds))
                throw new CommandFailedException($"{index}, line {i + 1}: '{fields[time]}' is no time in seconds from the start of the recording.");
            bool isTrue = fields[truth] switch
            {
                "true" => true,
                "false" => false,
                string other => throw new CommandFailedException($"{index}, line {i + 1}: the truth is 'true' or 'false', not '{other}'."),
            };
            RhythmCondition condition = ConditionOf(fields[type]) ?? throw new CommandFailedException($"{index}, line {i + 1}: '{fields[type]}' is no alarm of the challenge.");
            records.Add(new AlarmRecord(fields[record], System.IO.Path.Combine(folder, fields[record]), condition, isTrue, seconds));
        }

        return [.. records];

        int Column(string name) => Array.IndexOf(names, name) is >= 0 and var at ? at : throw new CommandFailedException($"{index}: the header has no column '{name}'.");
    }

    private static AlarmRecord[] FromHeaders(string folder)
    {
        var records = new List<AlarmRecord>();
        foreach (string file in Directory.GetFiles(folder, "*.hea").Order(StringComparer.Ordinal))
        {
            string[] comments = [.. File.ReadLines(file).Where(line => line.StartsWith('#')).Select(line => line[1..].Trim())];
            RhythmCondition? condition = comments.Select(ConditionOf).FirstOrDefault(found => found is not null);
            bool isTrue = comments.Contains("True alarm");
            if (condition is { } known && (isTrue || comments.Contains("False alarm")))
                records.Add(new AlarmRecord(System.IO.Path.GetFileNameWithoutExtension(file), file[..^4], known, isTrue, AlarmSecondsOfTheChallenge));
        }

        return [.. records];
    }

    private static RhythmCondition? ConditionOf(string type) => type switch
    {
        "Asystole" => RhythmCondition.Asystole,
        "Bradycardia" => RhythmCondition.ExtremeBradycardia,
        "Tachycardia" => RhythmCondition.ExtremeTachycardia,
        "Ventricular_Tachycardia" => RhythmCondition.VentricularTachycardia,
        "Ventricular_Flutter_Fib" => RhythmCondition.VentricularFibrillation,
        _ => null,
    };
}
