using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Seed.Benchmark;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio bench</c>: how fast the whole engine is here, checked.</summary>
internal sealed class BenchCommand : PhysioCommand
{
    private const int Most = 1_000_000;

    // When each was due is kept in memory, to be compared with when it was durable.
    private const long MostObservations = 1_000_000_000;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Option<int?> _patients = FeedOptions.Integer("--patients", "Patients. Standard: 1000.", 1, Most);
    private readonly Option<long?> _observations = FeedOptions.Integer("--observations", "Observations in all, of six readings each. Standard: 1000 for each patient.", 1, MostObservations);
    private readonly Option<long?> _warmup = FeedOptions.Integer("--warmup", "Observations sent before those that are measured; told apart in the report. Standard: 100 for each patient.", 0, MostObservations);
    private readonly Option<double> _rate = new("--rate") { Description = "Observations a second, or max. Standard: max.", HelpName = "R", CustomParser = ParseRate };
    private readonly Option<int?> _interval = FeedOptions.Integer("--interval", "Seconds of event time between two observations of a patient. Standard: 1.", 1, Most);
    private readonly Option<int?> _partitions = FeedOptions.Integer("--partitions", "Partitions of the topics: a power of two. Standard: 4.", 1, 4096);
    private readonly Option<long?> _seed = FeedOptions.Integer("--seed", "The noise follows from it. Standard: 1.", 0L, long.MaxValue);
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public BenchCommand(GlobalOptions global, CommandHost host)
        : base("bench", "Measures this machine: starts a broker, a database, a node and a generator of its own, sends observations that are records of their own, and checks the journal against an offline fold of what was sent.",
        [
            ("bench", "1000 patients, a million observations, as fast as they can be made durable"),
            ("bench --rate 25000 --json | jq .journaledMilliseconds", "latencies at a rate, for a script"),
            ("bench waveforms", "500 patients with an ECG each, at the pace of real time"),
        ])
    {
        foreach (Option option in (Option[])[_patients, _observations, _warmup, _rate, _interval, _partitions, _seed, _json])
            Add(option);
        Add(new BenchWaveformsCommand(global, host));
        SetAction(async (parse, cancellationToken) =>
        {
            LoadedOptions loaded = Load(global, parse, host, parse.GetValue(_partitions) ?? 4);
            int patients = parse.GetValue(_patients) ?? 1000;
            long observations = parse.GetValue(_observations) ?? 1000L * patients;
            if (observations < patients)
                throw new CommandFailedException($"--observations {observations} is less than one for each of {patients} patients.", exitCode: ExitCodes.Usage);
            long warmup = parse.GetValue(_warmup) ?? 100L * patients;
            BenchReport report = await new BenchRun(loaded, host).RunAsync(
                patients, warmup, observations, parse.GetValue(_rate), (parse.GetValue(_interval) ?? 1) * 1000, (ulong)(parse.GetValue(_seed) ?? 1), cancellationToken).ConfigureAwait(false);
            if (parse.GetValue(_json))
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(report, s_json)).ConfigureAwait(false);
            else
                BenchText.Print(report, host.Output);
            return report.Verified ? ExitCodes.Ok : ExitCodes.Failure;
        });
    }

    /// <summary>The options of a benchmark.</summary>
    /// <exception cref="CommandFailedException">A broker or a database is named, or the system is none that a benchmark can measure.</exception>
    internal static LoadedOptions Load(GlobalOptions global, ParseResult parse, CommandHost host, int partitions)
    {
        // Silence is judged by the clock; patients who wait for the next step, or for the end of the check, are not silent.
        LoadedOptions loaded = global.Load(parse, host, ("Partitions", partitions.ToString(CultureInfo.InvariantCulture)), ("Rules:no-data:AfterSeconds", "86400"));
        if (loaded.Options.Brokers.Length > 0 || loaded.Options.Postgres.Length > 0)
            throw new CommandFailedException("The benchmark uses a broker and a database of its own.", "Leave --brokers and --postgres (PHYSIO_BROKERS, PHYSIO_POSTGRES) out.", ExitCodes.Usage);
        if (!OperatingSystem.IsLinux())
            throw new CommandFailedException("The benchmark reads processor times from /proc: it needs Linux.");
        return loaded;
    }

    private static double ParseRate(ArgumentResult result)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (text == "max")
            return 0;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate >= 1 && rate <= 10_000_000)
            return rate;
        result.AddError($"--rate {text} is neither a number from 1 to 10000000 nor max.");
        return 0;
    }
}
