using System.Globalization;
using Microsoft.Extensions.Logging;
using PhysioActors.Ingest.Producing;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Runs;

namespace PhysioActors.Ingest.Simulation;

/// <summary>What to simulate, and how.</summary>
/// <param name="Patients">How many patients.</param>
/// <param name="Duration">How long, in event time.</param>
/// <param name="Seed">Everything random follows from it.</param>
/// <param name="Target">Where to.</param>
public sealed record SimulateOptions(int Patients, TimeSpan Duration, ulong Seed, KafkaTarget Target)
{
    /// <summary>Event time as a multiple of real time, up to a million; null for as fast as it goes.</summary>
    public double? Speed { get; init; }

    /// <summary>When it begins in event time. Null: now at real-time speed, so that event time is the time of day; else so that it ends now.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Time between two observations of a patient.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The ward's name, which stands in its patients' ids: <c>simulated:NAME-p0001</c>. Empty for none. Null for one made of seed and start: patients' time only goes forward, so that a second run over
    /// the same hours must be of other patients, while the same arguments with the same start make the same records.
    /// </summary>
    public string? Ward { get; init; }

    /// <summary>What happens on the ward.</summary>
    public SimulationSettings Settings { get; init; } = new();

    /// <summary>Where to write the labels of the episodes (JSON lines when it ends in <c>.jsonl</c>, else CSV); null for nowhere.</summary>
    public string? LabelsPath { get; init; }
}

/// <summary>What a simulation has done.</summary>
/// <param name="Produced">What was produced.</param>
/// <param name="Episodes">How many episodes began.</param>
/// <param name="LabelsPath">Where their labels are; null for nowhere.</param>
/// <param name="FirstPatient">The id of the first patient; those of the others have other numbers.</param>
public sealed record SimulationSummary(ProducedSummary Produced, long Episodes, string? LabelsPath, string FirstPatient);

/// <summary>Simulates a ward into the inbound topic.</summary>
public static class SimulateRun
{
    /// <summary>Simulates until the duration is over. Cancelling is no error: the summary then says that the run was not completed.</summary>
    /// <exception cref="IngestException">The broker cannot be reached, or an observation cannot be delivered.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="IOException">The labels cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first observation was sent.</exception>
    public static async Task<SimulationSummary> RunAsync(
        SimulateOptions options, IProgress<IngestProgress>? progress = null, TimeProvider? time = null, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        ReplayRun.RequireSpeed(options.Speed);
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset start = options.Start ?? (options.Speed == 1 ? now : now - options.Duration);
        WardSimulator ward = new(options.Patients, options.Duration, options.Seed, start, options.Interval, options.Settings, WardName(options, start));
        using ObservationProducer producer = await ObservationProducer.ConnectAsync(options.Target, time, logger, cancellationToken).ConfigureAwait(false);
        using EpisodeLabelFile? labels = options.LabelsPath is { } path ? new EpisodeLabelFile(path) : null;

        long since = time.GetTimestamp();
        long episodes = 0;
        double spanMs = ward.EndMs - ward.StartMs;
        ObservationPump pump = new(producer, new PumpOptions(options.Speed, (_, timeMs) => (timeMs - ward.StartMs) / spanMs), progress, time);
        bool completed = await pump.RunAsync(ward.Observations(OnEpisode), cancellationToken).ConfigureAwait(false);
        return new SimulationSummary(
            pump.Summarise(ward.RunId, completed, ward.Patients, time.GetElapsedTime(since), producer.Delivered), episodes, options.LabelsPath, ward.PatientId(0));

        void OnEpisode(EpisodeLabel label)
        {
            episodes++;
            labels?.Write(label);
        }
    }

    private static string WardName(SimulateOptions options, DateTimeOffset start) => options.Ward ?? string.Create(CultureInfo.InvariantCulture, $"{options.Seed}-{RunTag.Of(start)}");
}
