using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using PhysioActors.Ingest.Producing;
using PhysioActors.Ingest.Replay;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio replay</c>: sends recordings to the inbound topic.</summary>
internal sealed class ReplayCommand : PhysioCommand
{
    // So many of each kind are told; they are counted all.
    private const int Shown = 20;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Argument<string[]> _sources = new("SOURCE")
    {
        Description = "Recordings that start together: folders that are a set or have such folders, single files of a set, and WFDB records, with or without their ending.",
        Arity = new ArgumentArity(1, RecordingSource.MaximumSources),
    };

    private readonly Option<FeedSpeed?> _speed = FeedOptions.Speed("1");
    private readonly Option<bool> _loop = new("--loop") { Description = "Begin again at the end, later in time, until Ctrl-C." };
    private readonly Option<int?> _patients = FeedOptions.Integer("--patients", "How many patients take part, copies included when there are fewer. Standard: all.", 1, ReplayTimeline.MaximumPatients);
    private readonly Option<DateTimeOffset?> _start = FeedOptions.Start("so that the last recording ends now");
    private readonly Option<string?> _runId = new("--run-id") { Description = "Names the run, so that one that is repeated is recognised as a repeat.", HelpName = "ID" };
    private readonly Option<bool> _samePatients = new("--same-patients") { Description = "Leave the patients' ids as the recordings have them. Standard: they end with the run's name, so that the patients of each run are others; a patient's time only goes forward." };
    private readonly Option<bool> _eventTimestamps = new("--event-timestamps") { Description = "Let a record's timestamp be its observation's time, so that two runs make the same records." };
    private readonly Option<double?> _chunk = FeedOptions.Number("--chunk", "Seconds of waveform in a message. Standard: 1.", ReplayTimeline.ShortestChunk.TotalSeconds, ReplayTimeline.LongestChunk.TotalSeconds);
    private readonly Option<bool> _jsonWaveforms = new("--json-waveforms") { Description = "Send waveforms as JSON, for people to read, and not as protobuf." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Read the recordings and tell what would be sent; send nothing, and ask no broker." };
    private readonly Option<bool> _json = new("--json") { Description = "Print what was sent as JSON." };

    public ReplayCommand(GlobalOptions global, CommandHost host)
        : base("replay", "Sends recordings to the cluster, as gateways would.",
        [
            ("replay recordings --speed 60", "an hour of recordings in a minute"),
            ("replay recordings/bidmc --speed max --patients 100", "as fast as it goes, from 100 patients"),
            ("replay recordings/mitdb/101 --speed 10", "the ECG of one WFDB record"),
            ("replay recordings/bidmc operation.vital --dry-run", "what a folder and a file of Vital Recorder would send"),
        ])
    {
        foreach (Option option in (Option[])[_speed, _loop, _patients, _start, _runId, _samePatients, _eventTimestamps, _chunk, _jsonWaveforms, _dryRun, _json])
            Add(option);
        Add(_sources);
        SetAction(async (parse, cancellationToken) =>
        {
            LoadedOptions loaded = global.Load(parse, host);
            NamedRecordings.Find(parse.GetRequiredValue(_sources), host.Folder);
            if (parse.GetValue(_dryRun))
                return await PlanAsync(parse, host, cancellationToken).ConfigureAwait(false);
            PhysioOptions options = loaded.Connected(host.Folder, needsPostgres: false);
            using ILoggerFactory logs = Logs.Create(options.Logging);
            KafkaTarget target = await KafkaTargets.InboundAsync(options, parse.GetValue(_eventTimestamps), cancellationToken).ConfigureAwait(false);
            ReplayOptions replay = Wish(parse, host, target);
            var progress = new FeedProgress(host.Error, host.IsErrorInteractive, host.Time);
            ReplaySummary summary = await ReplayRun.RunAsync(replay, progress, host.Time, logs.CreateLogger("PhysioActors.Replay"), cancellationToken).ConfigureAwait(false);
            progress.End();
            Tell(summary, host);
            if (parse.GetValue(_json))
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(ReplayReport.Of(summary), s_json)).ConfigureAwait(false);
            if (!summary.Produced.Completed)
                return ExitCodes.Interrupted;
            // What could be read was sent; that it was not all is a failure to whoever asked for all.
            return summary.MalformedFiles == 0 ? ExitCodes.Ok : ExitCodes.Failure;
        });
    }

    private ReplayOptions Wish(ParseResult parse, CommandHost host, KafkaTarget target) =>
        new([.. parse.GetRequiredValue(_sources).Select(source => Path.GetFullPath(source, host.Folder))], target with { WaveformsAsJson = parse.GetValue(_jsonWaveforms) })
        {
            Chunk = parse.GetValue(_chunk) is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(1),
            Speed = parse.GetValue(_speed) is { } speed ? speed.Factor : 1,
            Loop = parse.GetValue(_loop),
            Patients = parse.GetValue(_patients),
            Start = parse.GetValue(_start),
            RunId = parse.GetValue(_runId),
            OwnPatients = !parse.GetValue(_samePatients),
        };

    /// <summary>Tells what would be sent.</summary>
    private async Task<int> PlanAsync(ParseResult parse, CommandHost host, CancellationToken cancellationToken)
    {
        ReplayPlan plan = await ReplayRun.PlanAsync(Wish(parse, host, new KafkaTarget(new Dictionary<string, string>(), "")), host.Time, cancellationToken).ConfigureAwait(false);
        Tell(plan.Sets, plan.SkippedFolders, host);
        host.Error.WriteLine($"Nothing is sent. {(parse.GetValue(_loop) ? "Each pass would send" : "Would send")} {Counting.Of(plan.Observations, "observation")} of {Counting.Of(plan.Patients, "patient")}, in event time from {plan.FirstEventTime:u} to {plan.LastEventTime:u}.");
        if (parse.GetValue(_json))
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(ReplayReport.Of(plan), s_json)).ConfigureAwait(false);
        return plan.MalformedFiles == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    /// <summary>Tells what was sent, what was found and what was left out.</summary>
    internal static void Tell(ReplaySummary summary, CommandHost host)
    {
        Tell(summary.Sets, summary.SkippedFolders, host);
        host.Error.WriteLine($"Sent {Counting.Of(summary.Produced.Acknowledged, "observation")} of {Counting.Of(summary.Produced.Patients, "patient")} in {summary.Produced.Elapsed.TotalSeconds:0.0} s.{(summary.PatientSuffix.Length == 0 ? "" : $" The patients' ids end in {summary.PatientSuffix}.")}");
    }

    private static void Tell(IReadOnlyList<RecordingReport> sets, IReadOnlyList<SkippedFolder> skippedFolders, CommandHost host)
    {
        foreach (SkippedFolder skipped in skippedFolders)
            host.Error.WriteLine($"Skipped {skipped.Folder}: {skipped.Reason}");
        foreach (RecordingReport set in sets)
        {
            if (set.Rows > 0 || set.Samples == 0)
                host.Error.WriteLine($"{set.Set}: {set.Rows:#,0} rows, {set.Readings:#,0} readings, {set.Missing.Values.Sum() + set.NoValue.Values.Sum():#,0} values missing, {set.MalformedRows:#,0} rows malformed, {set.MalformedFiles:#,0} files unreadable");
            if (set.Samples > 0)
                host.Error.WriteLine($"{set.Set}: {set.Samples:#,0} samples of waveforms, {set.MissingSamples:#,0} without a value");
            foreach ((string signal, UnusedTracks unused) in set.UnusedSignals.Take(Shown))
                host.Error.WriteLine($"  left out: {signal}: {Counting.Of(unused.Values, "value")}{(unused.Tracks == 1 ? "" : $" in {Counting.Of(unused.Tracks, "track")}")}");
            if (set.UnusedSignals.Count > Shown)
                host.Error.WriteLine($"  left out: {Counting.Of(set.UnusedSignals.Count - Shown, "other signal")}: {Counting.Of(set.UnusedSignals.Skip(Shown).Sum(unused => unused.Value.Values), "value")}");
            foreach ((string what, long count) in set.Irregularities.Take(Shown))
                host.Error.WriteLine($"  {what}: {count:#,0}");
            if (set.Irregularities.Count > Shown)
                host.Error.WriteLine($"  and more of this in {Counting.Of(set.Irregularities.Count - Shown, "other way")}");
            if (set.RepeatedPatients > 0)
                host.Error.WriteLine($"  left out: {Counting.Of(set.RepeatedPatients, "patient")} whom an earlier folder has under the same name");
            foreach (RecordingProblem problem in set.Problems.Take(Shown))
                host.Error.WriteLine($"  {problem}");
        }

        if (sets.Sum(set => set.MalformedFiles) is > 0 and var malformed)
            host.Error.WriteLine($"physio: warning: {Counting.Of(malformed, "file")} could not be read and {(malformed == 1 ? "is" : "are")} not sent.");
    }
}

/// <summary>The JSON of a replay.</summary>
internal sealed record ReplayReport(string RunId, bool Completed, int Patients, long Sent, long Acknowledged, DateTimeOffset? FirstEventTime, DateTimeOffset? LastEventTime, double ElapsedSeconds, long SkippedValues, long MalformedRows, long MalformedFiles, long Samples, long MissingSamples, string PatientSuffix, IReadOnlyList<string> Sources)
{
    /// <summary>How many observations a dry run would send; absent after a replay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? WouldSend { get; init; }

    /// <summary>Tracks of the recordings that are not sent, each with the reason and how many values it has.</summary>
    public required IReadOnlyList<LeftOutReport> LeftOut { get; init; }

    /// <summary>From what the replay has done.</summary>
    public static ReplayReport Of(ReplaySummary summary) => new(
        summary.Produced.RunId, summary.Produced.Completed, summary.Produced.Patients, summary.Produced.Sent, summary.Produced.Acknowledged, summary.Produced.FirstEventTime, summary.Produced.LastEventTime,
        summary.Produced.Elapsed.TotalSeconds, summary.SkippedValues, summary.MalformedRows, summary.MalformedFiles, summary.Sets.Sum(set => set.Samples), summary.Sets.Sum(set => set.MissingSamples), summary.PatientSuffix, [.. summary.Sets.Select(set => set.Set)])
    {
        LeftOut = LeftOutReport.Of(summary.Sets),
    };

    /// <summary>From what a replay would do.</summary>
    public static ReplayReport Of(ReplayPlan plan) => new(
        plan.RunId, false, plan.Patients, 0, 0, plan.FirstEventTime, plan.LastEventTime, 0, plan.Sets.Sum(set => set.Missing.Values.Sum() + set.NoValue.Values.Sum()), plan.Sets.Sum(set => set.MalformedRows), plan.MalformedFiles,
        plan.Sets.Sum(set => set.Samples), plan.Sets.Sum(set => set.MissingSamples), plan.PatientSuffix, [.. plan.Sets.Select(set => set.Set)])
    {
        WouldSend = plan.Observations,
        LeftOut = LeftOutReport.Of(plan.Sets),
    };
}

/// <summary>The JSON of what a replay does not send.</summary>
/// <param name="Source">The set.</param>
/// <param name="Signal">What it is, and why it is not sent.</param>
/// <param name="Tracks">How many tracks of files.</param>
/// <param name="Values">How many values, samples or texts.</param>
internal sealed record LeftOutReport(string Source, string Signal, long Tracks, long Values)
{
    /// <summary>From what was found.</summary>
    public static IReadOnlyList<LeftOutReport> Of(IReadOnlyList<RecordingReport> sets) =>
        [.. sets.SelectMany(set => set.UnusedSignals.Select(unused => new LeftOutReport(set.Set, unused.Key, unused.Value.Tracks, unused.Value.Values)))];
}
