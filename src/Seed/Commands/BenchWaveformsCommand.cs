using System.CommandLine;
using System.Text.Json;
using PhysioActors.Seed.Benchmark.Waveforms;
using PhysioActors.Seed.Clinical;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio bench waveforms</c>: how many patients with an ECG the engine serves here, checked.</summary>
internal sealed class BenchWaveformsCommand : PhysioCommand
{
    private const int Most = 100_000;
    private const double LongestSeconds = 86_400;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Option<int?> _patients = FeedOptions.Integer("--patients", "Patients with one lead of ECG each. Standard: 500.", 1, Most);
    private readonly Option<double?> _chunk = FeedOptions.Number("--chunk", "Seconds of ECG in a message. Standard: 1.", 0.1, WaveformSignals.MaximumSeconds);
    private readonly Option<double?> _duration = FeedOptions.Number("--duration", "Seconds of ECG of each patient that are measured. Standard: 120.", 1, LongestSeconds);
    private readonly Option<double?> _warmup = FeedOptions.Number("--warmup", "Seconds of ECG sent before those that are measured; told apart in the report. Standard: 30.", 0, LongestSeconds);
    private readonly Option<FeedSpeed?> _speed = FeedOptions.Speed("1");
    private readonly Option<string?> _record = new("--record") { Description = "Send the first lead of a WFDB record at its own rate, each patient from another place in it. Standard: simulated patients, at 250 Hz.", HelpName = "RECORD" };
    private readonly Option<int?> _partitions = FeedOptions.Integer("--partitions", "Partitions of the topics: a power of two. Standard: 4.", 1, 4096);
    private readonly Option<int?> _seed = FeedOptions.Integer("--seed", "Everything random follows from it. Standard: 1.", 0, int.MaxValue);
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public BenchWaveformsCommand(GlobalOptions global, CommandHost host)
        : base("waveforms", "Measures this machine with waveforms: sends an ECG of many patients in chunks, and checks the journal against an offline fold of what was sent and its beats against those found in the samples themselves.",
        [
            ("bench waveforms", "500 patients at 250 Hz, at the pace of real time"),
            ("bench waveforms --speed max --json | jq .patientsAtRealTime", "how many patients there could be"),
            ("bench waveforms --chunk 0.25", "chunks of a quarter of a second"),
        ])
    {
        foreach (Option option in (Option[])[_patients, _chunk, _duration, _warmup, _speed, _record, _partitions, _seed, _json])
            Add(option);
        SetAction(async (parse, cancellationToken) =>
        {
            LoadedOptions loaded = BenchCommand.Load(global, parse, host, parse.GetValue(_partitions) ?? 4);
            int chunkMs = (int)Math.Round((parse.GetValue(_chunk) ?? 1) * 1000);
            int patients = parse.GetValue(_patients) ?? 500;
            long steps = Steps(parse.GetValue(_duration) ?? 120, chunkMs);
            if (steps == 0 || steps * patients < 10)
                throw new CommandFailedException("So little ECG shows nothing.", "Give a longer --duration.", ExitCodes.Usage);
            string? record = parse.GetValue(_record) is { } path ? Record(path, host) : null;
            EcgBenchReport report = await new EcgBenchRun(loaded, host).RunAsync(
                patients, chunkMs, Steps(parse.GetValue(_warmup) ?? 30, chunkMs), steps, parse.GetValue(_speed) is { } speed ? speed.Factor : 1, record,
                (ulong)(parse.GetValue(_seed) ?? 1), cancellationToken).ConfigureAwait(false);
            if (parse.GetValue(_json))
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(report, s_json)).ConfigureAwait(false);
            else
                EcgBenchText.Print(report, host.Output);
            return report.Verified ? ExitCodes.Ok : ExitCodes.Failure;
        });
    }

    /// <summary>A record that can be sent, looked at before everything is started for it.</summary>
    private static string Record(string given, CommandHost host)
    {
        if (EcgRecords.Find([given], host) is not [{ } record])
            throw new CommandFailedException($"--record {given} is a folder of several records.", "Name one of them.", ExitCodes.Usage);
        _ = EcgRecords.Read(record);
        return record;
    }

    private static long Steps(double seconds, int chunkMs) => (long)Math.Round(seconds * 1000 / chunkMs);
}
