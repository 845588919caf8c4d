using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>Turns the problem of a waveform into a path and a sentence.</summary>
internal static class WaveformProblems
{
    private static readonly string Names = string.Join(", ", Enumerable.Range(1, WaveformSignals.Count - 1).Select(signal => WaveformSignals.Get((WaveformSignal)signal).Name));

    /// <summary>The path of the field, as <c>waveforms[2].rate</c>.</summary>
    public static string Path(int index, WaveformField field) => field == WaveformField.None ? $"waveforms[{index}]" : $"waveforms[{index}].{Name(field)}";

    /// <summary>What was wrong and what would be right.</summary>
    public static string Describe(in WaveformProblem problem, ReadOnlySpan<byte> message)
    {
        string shown = problem.Length == 0 ? "" : $" '{JsonText.Show(message.Slice(problem.Start, problem.Length))}'";
        return problem.Reason switch
        {
            RefusalReason.UnknownSignal => $"the signal{shown} is none of {Names}",
            RefusalReason.InvalidRate => FormattableString.Invariant($"the rate{shown} must lie from {WaveformSignals.MinimumHz} to {WaveformSignals.MaximumHz} Hz"),
            RefusalReason.InvalidGain => FormattableString.Invariant($"the gain{shown}, steps in one unit of the signal, must lie from {WaveformBounds.MinimumGain} to {WaveformBounds.MaximumGain}"),
            RefusalReason.InvalidBaseline => $"the baseline{shown} must be a whole number from -{WaveformBounds.MaximumBaseline} to {WaveformBounds.MaximumBaseline}",
            RefusalReason.InvalidTime => $"the time{shown} is before 1970, unreadable, or the samples end more than 5 minutes after the record's Kafka timestamp; right is {InboundTime.Form}",
            RefusalReason.NoSamples => "there is no sample",
            RefusalReason.TooManySamples => FormattableString.Invariant($"there are samples of more than {WaveformSignals.MaximumSeconds} s; send several chunks, best of 1 s"),
            RefusalReason.InvalidSamples when shown.Length == 0 => "the samples end with half a sample: each has 2 bytes",
            RefusalReason.InvalidSamples => $"the sample{shown} is no whole number from {short.MinValue} to {short.MaxValue}, nor null for 'no value'",
            RefusalReason.InvalidUtf8 => $"{Name(problem.Field)} is not UTF-8",
            RefusalReason.Missing => $"{Name(problem.Field)} is missing",
            RefusalReason.Malformed => $"{Name(problem.Field)} stands there twice",
            _ => problem.Field switch
            {
                WaveformField.None => "a waveform must be an object",
                WaveformField.Signal => "the signal must be a string",
                WaveformField.Time => $"the time must be {InboundTime.Form}",
                WaveformField.Samples => "the samples must be an array (in protobuf: bytes)",
                _ => $"the {Name(problem.Field)} must be a number",
            },
        };
    }

    private static string Name(WaveformField field) => field switch
    {
        WaveformField.Signal => "signal",
        WaveformField.Rate => "rate",
        WaveformField.Gain => "gain",
        WaveformField.Baseline => "baseline",
        WaveformField.Time => "time",
        WaveformField.Samples => "samples",
        _ => "the waveform",
    };
}
