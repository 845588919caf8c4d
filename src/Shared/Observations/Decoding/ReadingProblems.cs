using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>Turns the problem of a reading into a path and a sentence.</summary>
internal static class ReadingProblems
{
    /// <summary>The path of the field, as <c>readings[2].unit</c>.</summary>
    public static string Path(int index, ReadingField field) => field == ReadingField.None ? $"readings[{index}]" : $"readings[{index}].{Name(field)}";

    /// <summary>What was wrong and what would be right.</summary>
    public static string Describe(in ReadingProblem problem, SignalCode code, ReadOnlySpan<byte> message)
    {
        string shown = problem.Length == 0 ? "" : $" '{JsonText.Show(message.Slice(problem.Start, problem.Length))}'";
        return (problem.Reason, problem.Field) switch
        {
            (RefusalReason.UnknownCode, _) => $"the code{shown} is none of the table: a short name (hr, spo2, abp-sys, ...) or a LOINC code that means one of them alone",
            (RefusalReason.UnknownUnit, _) => $"the unit{shown} is none that {SignalCodes.Get(code).Name} is taken in: {SignalUnits.Accepted(code)}",
            (RefusalReason.Impossible, _) => DescribeRange(shown, code),
            (RefusalReason.NotFinite, _) => $"the value{shown} is not a finite number; a value that is not there is told with absent",
            (RefusalReason.InvalidTime, _) => $"the time{shown} is before 1970, unreadable, or more than 5 minutes after the record's Kafka timestamp; right is {InboundTime.Form}",
            (RefusalReason.InvalidUtf8, _) => $"{Name(problem.Field)} is not UTF-8, or has half a surrogate pair",
            (RefusalReason.Missing, ReadingField.Value) => "there is neither a value nor absent with a reason",
            (RefusalReason.Missing, _) => $"{Name(problem.Field)} is missing",
            (RefusalReason.Malformed, _) => $"{Name(problem.Field)} stands there twice",
            (RefusalReason.InvalidId, _) => $"{Name(problem.Field)} is empty, longer than 128 bytes, or has control characters",
            (_, ReadingField.None) => "a reading must be an object",
            (_, ReadingField.Value) => $"the value{shown} must be a number",
            (_, ReadingField.Time) => $"the time must be {InboundTime.Form}",
            (_, ReadingField.Quality) => $"the quality{shown} must be one of {string.Join(", ", ReadingWords.Qualities)}",
            (_, ReadingField.Source) => $"the source{shown} must be one of {string.Join(", ", ReadingWords.Sources)}",
            (_, ReadingField.Absent) when shown.Length == 0 => "absent gives the reason why there is no value, so it cannot stand beside one",
            _ => $"{Name(problem.Field)} must be a string",
        };
    }

    private static string DescribeRange(string shown, SignalCode code)
    {
        ref readonly SignalCodeInfo info = ref SignalCodes.Get(code);
        return FormattableString.Invariant($"the value{shown} is physically impossible: {info.Name} lies from {info.Minimum} to {info.Maximum} {info.Ucum}");
    }

    private static string Name(ReadingField field) => field switch
    {
        ReadingField.Code => "code",
        ReadingField.Value => "value",
        ReadingField.Unit => "unit",
        ReadingField.Time => "time",
        ReadingField.Quality => "quality",
        ReadingField.Source => "source",
        ReadingField.Absent => "absent",
        _ => "the reading",
    };
}
