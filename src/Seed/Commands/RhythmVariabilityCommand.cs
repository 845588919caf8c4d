using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Seed.Clinical;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio rhythm hrv</c>: the variability of a patient's heart rate, from the journaled beats.</summary>
internal sealed class RhythmVariabilityCommand : PhysioCommand
{
    private const int StandardMinutes = 5;
    private const int LongestMinutes = 60;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Argument<string> _patient = new("ID") { Description = "The patient, namespace:id; without a namespace, 'default' is meant." };
    private readonly Option<int?> _minutes = FeedOptions.Integer("--minutes", $"So many minutes before the newest beat. Standard: {StandardMinutes}, the length that spectral measures are meant for.", 1, LongestMinutes);
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public RhythmVariabilityCommand(GlobalOptions global, CommandHost host)
        : base("hrv", "Heart rate variability of a patient, from the beats in the journal: SDNN, RMSSD, pNN50, LF, HF and LF/HF of the intervals between normal beats (Task Force of ESC and NASPE, 1996).",
        [
            ("rhythm hrv mitdb:100", "the latest five minutes"),
            ("rhythm hrv mitdb:100 --minutes 30 --json", "half an hour, for a script"),
        ])
    {
        Add(_patient);
        Add(_minutes);
        Add(_json);
        SetAction(async (parse, cancellationToken) =>
        {
            PhysioOptions options = global.Load(parse, host).Connected(host.Folder);
            string patient = PatientArgument.Canonical(parse.GetRequiredValue(_patient));
            int minutes = parse.GetValue(_minutes) ?? StandardMinutes;
            IReadOnlyList<FoundBeat> beats = await JournaledBeats.ReadAsync(options, patient, minutes * 60_000L, cancellationToken).ConfigureAwait(false)
                ?? throw new CommandFailedException($"The journal of cluster {options.Cluster} has no patient {patient}.", "Patients appear with their first accepted observation or order.");
            if (beats.Count == 0)
                throw new CommandFailedException($"The journal of cluster {options.Cluster} has no heartbeats of {patient}.", "Beats are found in ECG waveforms; numeric heart rates have none.");
            VariabilityReport report = VariabilityReport.Of(patient, beats);
            if (parse.GetValue(_json))
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(report, s_json)).ConfigureAwait(false);
            else
                await PrintAsync(report, host.Output).ConfigureAwait(false);
            return ExitCodes.Ok;
        });
    }

    private static async Task PrintAsync(VariabilityReport report, TextWriter output)
    {
        await output.WriteLineAsync($"{report.Patient}  {report.From:u} to {report.To:u}  {report.Beats} beats, {report.NormalIntervals} intervals between normal beats").ConfigureAwait(false);
        await output.WriteLineAsync($"mean {N(report.MeanMs)} ms  SDNN {N(report.SdnnMs)} ms  RMSSD {N(report.RmssdMs)} ms  pNN50 {N(report.Pnn50Percent)} %").ConfigureAwait(false);
        await output.WriteLineAsync(report.LfHf is null
            ? "LF and HF need two minutes of normal beats and more."
            : $"LF {N(report.LfMs2)} ms2  HF {N(report.HfMs2)} ms2  LF/HF {N(report.LfHf)}").ConfigureAwait(false);
    }

    private static string N(double? value) => value is { } number ? number.ToString("0.0##", CultureInfo.InvariantCulture) : "-";
}

/// <summary>The JSON of heart rate variability; null for what has too few intervals.</summary>
internal sealed record VariabilityReport(
    string Patient, DateTimeOffset From, DateTimeOffset To, int Beats, int NormalIntervals, double? MeanMs, double? SdnnMs, double? RmssdMs, double? Pnn50Percent, double? LfMs2, double? HfMs2, double? LfHf)
{
    /// <summary>Analyses beats, oldest first, at least one.</summary>
    public static VariabilityReport Of(string patient, IReadOnlyList<FoundBeat> beats)
    {
        var found = HeartRateVariability.Of(JournaledBeats.NormalIntervals(beats));
        return new(
            patient, DateTimeOffset.FromUnixTimeMilliseconds(beats[0].TimeMs), DateTimeOffset.FromUnixTimeMilliseconds(beats[^1].TimeMs), beats.Count, found.Intervals,
            Finite(found.MeanMs), Finite(found.SdnnMs), Finite(found.RmssdMs), Finite(found.Pnn50), Finite(found.LowFrequencyMs2), Finite(found.HighFrequencyMs2), Finite(found.LowToHigh));
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
