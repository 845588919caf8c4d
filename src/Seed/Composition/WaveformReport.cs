using System.Text.Json;
using System.Text.Json.Serialization;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Composition;

/// <summary>A waveform signal of a patient.</summary>
/// <param name="Signal">Its name.</param>
/// <param name="Device">The device that shows it.</param>
/// <param name="Rate">Samples in a second.</param>
/// <param name="Use">What is done with it: <c>first-lead</c>, <c>second-lead</c>, <c>pulse</c>; or why nothing is: <c>other-rate</c>, <c>other-device</c>, <c>spare-lead</c>, <c>kept</c>.</param>
/// <param name="CoarseTimes">True when its times were found to be cut off to whole seconds.</param>
/// <param name="Chunks">How many chunks did not simply continue it, by how they fitted.</param>
internal sealed record WaveformReport(string Signal, string Device, double Rate, string Use, bool CoarseTimes, IReadOnlyDictionary<string, long> Chunks)
{
    private const string OtherRate = "other-rate";

    /// <summary>What a person should know of it; null for nothing.</summary>
    [JsonIgnore]
    public string? Remark
    {
        get
        {
            List<string> remarks = [];
            if (Use == OtherRate)
                remarks.Add(FormattableString.Invariant($"not looked at: its {Rate:0.###} Hz are not the first lead's"));
            if (CoarseTimes)
                remarks.Add("its times are cut off to whole seconds, so that the number of its samples counts");
            if (Chunks.TryGetValue("late", out long late))
                remarks.Add($"{late} chunks came too late and are lost");
            return remarks.Count == 0 ? null : $"{Signal} of {Device}: {string.Join("; ", remarks)}";
        }
    }

    /// <summary>Those of a patient, in the order in which they were first seen.</summary>
    public static IReadOnlyList<WaveformReport> Of(PatientState state) => state.Waveforms is { } waveforms
        ? [.. waveforms.Streams.Select((stream, i) => new WaveformReport(
            WaveformSignals.Get(stream.Signal).Name,
            state.Devices[stream.Device].Name,
            stream.RateMilliHz / 1000.0,
            Word(waveforms.UseOf(i)),
            stream.HasCoarseTimes,
            stream.Outcomes.Select((count, outcome) => (Count: count, Outcome: (ChunkOutcome)outcome)).Where(chunk => chunk.Count > 0).ToDictionary(chunk => Word(chunk.Outcome), chunk => chunk.Count)))]
        : [];

    private static string Word(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
