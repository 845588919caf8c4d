using System.Globalization;
using Microsoft.Extensions.Logging;
using PhysioActors.Ingest.Producing;
using PhysioActors.Ingest.Runs;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Replay;

/// <summary>What to replay, and how.</summary>
/// <param name="Sources">Folders that are sets of recordings or have such folders, files of sets, and WFDB records; all of them start together.</param>
/// <param name="Target">Where to.</param>
public sealed record ReplayOptions(IReadOnlyList<string> Sources, KafkaTarget Target)
{
    /// <summary>What to replay from one source.</summary>
    public ReplayOptions(string source, KafkaTarget target)
        : this([source], target)
    {
    }

    /// <summary>Event time as a multiple of real time, up to a million; null for as fast as it goes.</summary>
    public double? Speed { get; init; }

    /// <summary>Whether each patient starts again when the recordings are at an end, until the run is cancelled.</summary>
    public bool Loop { get; init; }

    /// <summary>How many patients take part, copies included when there are fewer; null for all.</summary>
    public int? Patients { get; init; }

    /// <summary>When the recordings start in event time; null so that the last one ends now.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>How long a chunk of a waveform is, 0.1 to 10 s.</summary>
    public TimeSpan Chunk { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Names the run; null for a name made from the time.</summary>
    public string? RunId { get; init; }

    /// <summary>
    /// Whether the patients are the run's own: their ids end with the run's name, or, where none was given, with the time. Patients' time only goes forward, so that recordings that are sent again over the
    /// same hours must be of other patients.
    /// </summary>
    public bool OwnPatients { get; init; }
}

/// <summary>What a replay has done.</summary>
/// <param name="Produced">What was produced.</param>
/// <param name="Sets">What was found in each set, with missing values, codes for 'no value' and malformed rows.</param>
/// <param name="SkippedFolders">The folders of the source that were not replayed, with the reason.</param>
/// <param name="PatientSuffix">What the patients' ids end with in this run; empty for the recordings' own ids.</param>
public sealed record ReplaySummary(ProducedSummary Produced, IReadOnlyList<RecordingReport> Sets, IReadOnlyList<SkippedFolder> SkippedFolders, string PatientSuffix = "")
{
    /// <summary>Values that were not sent because they were missing or the set's code for 'no value'.</summary>
    public long SkippedValues => Sets.Sum(s => s.Missing.Values.Sum() + s.NoValue.Values.Sum());

    /// <summary>Rows that could not be read.</summary>
    public long MalformedRows => Sets.Sum(s => s.MalformedRows);

    /// <summary>Files that could not be read.</summary>
    public long MalformedFiles => Sets.Sum(s => s.MalformedFiles);
}

/// <summary>What a replay would send.</summary>
/// <param name="RunId">The name of the run.</param>
/// <param name="PatientSuffix">What the patients' ids end with; empty for the recordings' own ids.</param>
/// <param name="Patients">How many patients take part.</param>
/// <param name="Observations">How many observations there are in one pass.</param>
/// <param name="FirstEventTime">When all patients start in event time.</param>
/// <param name="LastEventTime">Event time of the last observation of the first pass.</param>
/// <param name="Sets">What was found in each set.</param>
/// <param name="SkippedFolders">The folders of the sources that are not replayed, with the reason.</param>
public sealed record ReplayPlan(
    string RunId, string PatientSuffix, int Patients, long Observations, DateTimeOffset FirstEventTime, DateTimeOffset LastEventTime, IReadOnlyList<RecordingReport> Sets, IReadOnlyList<SkippedFolder> SkippedFolders)
{
    /// <summary>Files that could not be read.</summary>
    public long MalformedFiles => Sets.Sum(s => s.MalformedFiles);
}

/// <summary>Replays recordings to the inbound topic.</summary>
public static class ReplayRun
{
    /// <summary>
    /// Replays until the recordings are at an end (or, in a loop, until cancelled). Cancelling is no error: the summary then says that the run was not completed.
    /// </summary>
    /// <exception cref="RecordingSourceException">The source has nothing to replay.</exception>
    /// <exception cref="IngestException">The broker cannot be reached, or an observation cannot be delivered.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Speed, patients or chunk are out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first observation was sent.</exception>
    public static async Task<ReplaySummary> RunAsync(
        ReplayOptions options, IProgress<IngestProgress>? progress = null, TimeProvider? time = null, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        RequireSpeed(options.Speed);
        (RecordingSource source, RecordingLibrary library) = await ReadAsync(options, cancellationToken).ConfigureAwait(false);
        using ObservationProducer producer = await ObservationProducer.ConnectAsync(options.Target, time, logger, cancellationToken).ConfigureAwait(false);
        (ReplayTimeline timeline, string runId, string suffix) = LayOut(library, options, time.GetUtcNow());
        long since = time.GetTimestamp();
        PumpOptions pumping = new(options.Speed, options.Loop ? null : (sent, _) => (double)sent / timeline.ObservationCount);
        ObservationPump pump = new(producer, pumping, progress, time);
        bool completed = await pump.RunAsync(timeline.Observations(), cancellationToken).ConfigureAwait(false);
        return new ReplaySummary(
            pump.Summarise(runId, completed, timeline.PatientCount, time.GetElapsedTime(since), producer.Delivered), library.Reports, source.Skipped, suffix);
    }

    /// <summary>Reads the recordings and lays them into time as <see cref="RunAsync"/> does, and sends nothing: no broker is asked.</summary>
    /// <returns>What would be sent.</returns>
    /// <exception cref="RecordingSourceException">The source has nothing to replay.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Speed, patients or chunk are out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<ReplayPlan> PlanAsync(ReplayOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireSpeed(options.Speed);
        (RecordingSource source, RecordingLibrary library) = await ReadAsync(options, cancellationToken).ConfigureAwait(false);
        (ReplayTimeline timeline, string runId, string suffix) = LayOut(library, options, (time ?? TimeProvider.System).GetUtcNow());
        return new ReplayPlan(
            runId, suffix, timeline.PatientCount, timeline.ObservationCount, DateTimeOffset.FromUnixTimeMilliseconds(timeline.StartMs), DateTimeOffset.FromUnixTimeMilliseconds(timeline.EndMs), library.Reports, source.Skipped);
    }

    private static async Task<(RecordingSource Source, RecordingLibrary Library)> ReadAsync(ReplayOptions options, CancellationToken cancellationToken)
    {
        RecordingSource source = RecordingSource.Find(options.Sources);
        return (source, await Task.Run(() => RecordingLibrary.Read(source, waveforms: true, cancellationToken), cancellationToken).ConfigureAwait(false));
    }

    private static (ReplayTimeline Timeline, string RunId, string Suffix) LayOut(RecordingLibrary library, ReplayOptions options, DateTimeOffset now)
    {
        string runId = options.RunId ?? string.Create(CultureInfo.InvariantCulture, $"replay-{now.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}");
        string suffix = options.OwnPatients ? "-" + (options.RunId ?? RunTag.Of(now)) : "";
        ReplayTimeline timeline = new(library.Patients, new TimelineOptions(runId) { PatientSuffix = suffix, Start = options.Start, Now = now, Patients = options.Patients, Loop = options.Loop, Chunk = options.Chunk });
        RequireChunksFit(timeline, options);
        return (timeline, runId, suffix);
    }

    private static void RequireChunksFit(ReplayTimeline timeline, ReplayOptions options)
    {
        // In JSON a sample has at most 6 characters and a comma. What stands around the samples is far below the reserve.
        const int Reserve = 8 * 1024;
        long bytes = ((long)timeline.MostSamples * (options.Target.WaveformsAsJson ? 7 : sizeof(short))) + Reserve;
        if (bytes > ObservationDecoder.MaximumBytes)
        {
            throw new RecordingSourceException(string.Create(
                CultureInfo.InvariantCulture,
                $"A chunk of {options.Chunk.TotalSeconds} s has up to {timeline.MostSamples:N0} samples, which a message of at most {ObservationDecoder.MaximumBytes / 1024} KiB does not hold. Ask for shorter chunks."));
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The speed is not positive, or more than a million.</exception>
    internal static void RequireSpeed(double? speed)
    {
        if (speed is { } given && given is not (> 0 and <= EventTimePacer.MaximumSpeed))
            throw new ArgumentOutOfRangeException(nameof(speed), given, $"The speed is a positive number up to {EventTimePacer.MaximumSpeed:0}, or none for as fast as it goes.");
    }
}
