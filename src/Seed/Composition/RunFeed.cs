using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Runs;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Seed.Terminal;

namespace PhysioActors.Seed.Composition;

/// <summary>What feeds a run, and what it has fed.</summary>
/// <param name="Source">What it is, for people.</param>
/// <param name="IsSimulated">True when no real patient is behind it.</param>
/// <param name="Acceleration">How many times faster than real ones its episodes come and pass; 1 for real ones.</param>
/// <param name="HasEnd">False when it goes on until it is ended.</param>
/// <param name="RunAsync">Feeds until it is at its end or cancelled.</param>
internal sealed record RunFeed(string Source, bool IsSimulated, double Acceleration, bool HasEnd, Func<IProgress<IngestProgress>, CancellationToken, Task<FedData>> RunAsync)
{
    /// <summary>From recordings.</summary>
    public static RunFeed Of(ReplayOptions replay, TimeProvider time, Microsoft.Extensions.Logging.ILogger logger) => new(
        $"recordings in {string.Join(", ", replay.Sources)}", false, 1, true,
        async (progress, cancellationToken) => FedData.Of(await ReplayRun.RunAsync(replay, progress, time, logger, cancellationToken).ConfigureAwait(false)));

    /// <summary>From the simulator.</summary>
    public static RunFeed Of(SimulateOptions simulation, bool hasEnd, TimeProvider time, Microsoft.Extensions.Logging.ILogger logger) => new(
        FormattableString.Invariant($"ward simulator, {Counting.Of(simulation.Patients, "patient")}, seed {simulation.Seed}{(simulation.Settings.Acceleration > 1 ? $", episodes {simulation.Settings.Acceleration:0.##} times as fast" : "")}"), true, simulation.Settings.Acceleration, hasEnd,
        async (progress, cancellationToken) => FedData.Of(await SimulateRun.RunAsync(simulation, progress, time, logger, cancellationToken).ConfigureAwait(false)));
}

/// <summary>What was fed.</summary>
/// <param name="Produced">What was produced.</param>
/// <param name="Sources">The sets, or the simulator.</param>
/// <param name="SkippedValues">Values that were missing.</param>
/// <param name="MalformedRows">Rows that could not be read.</param>
/// <param name="MalformedFiles">Files that could not be read.</param>
/// <param name="Replay">The replay, for what there is to tell of it; null for a simulation.</param>
internal sealed record FedData(ProducedSummary Produced, IReadOnlyList<string> Sources, long SkippedValues, long MalformedRows, long MalformedFiles, ReplaySummary? Replay)
{
    /// <summary>From a replay.</summary>
    public static FedData Of(ReplaySummary replay) => new(replay.Produced, [.. replay.Sets.Select(set => set.Set).Distinct()], replay.SkippedValues, replay.MalformedRows, replay.MalformedFiles, replay);

    /// <summary>From a simulation.</summary>
    public static FedData Of(SimulationSummary simulation) => new(simulation.Produced, ["ward-simulator"], 0, 0, 0, null);
}
