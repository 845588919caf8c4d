using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Runtime;

/// <summary>
/// Handles made-up observations in memory while a node joins its group, so that the code of the hot path is compiled and optimised when the first real ones arrive. A cold node handles them many times
/// slower, and what piles up in its first seconds would be told seconds late. Nothing of it is written or published.
/// </summary>
public static class Warmup
{
    private const int Patients = 16;
    private const int Steps = 60;
    private const int Bursts = 8;

    // The runtime optimises in the background once little new code has come for a tenth of a second.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(130);

    private static readonly (SignalCode Code, double Value)[] s_readings =
    [
        (SignalCode.HeartRate, 80), (SignalCode.SpO2, 97), (SignalCode.RespiratoryRate, 16),
        (SignalCode.ArterialSystolic, 120), (SignalCode.ArterialMean, 85), (SignalCode.CoreTemperature, 37),
    ];

    /// <summary>Runs for a second or two on one thread.</summary>
    /// <param name="configuration">What patient actors are configured with.</param>
    /// <param name="model">The model that scores; null for none.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>How many observations were folded.</returns>
    public static async Task<long> RunAsync(ActorConfiguration configuration, IsolationForest? model, CancellationToken cancellationToken)
    {
        var options = new NodeOptions { Partitions = 1, SnapshotEvery = Steps };
        var table = new ActorTable(0, new NoJournal(), NullLogger.Instance);
        var handler = new BatchHandler(0, options, new PatientActor(configuration, model), table, "warmup", TimeProvider.System, NullLogger.Instance);
        var batch = new PreparedBatch();
        var writer = new ObservationWriter();
        var records = new List<InboundRecord>(Patients);
        long folded = 0;
        for (int burst = 0; burst < Bursts && !cancellationToken.IsCancellationRequested; burst++)
        {
            for (int step = 0; step < Steps && !cancellationToken.IsCancellationRequested; step++)
            {
                records.Clear();
                for (int patient = 0; patient < Patients; patient++)
                    records.Add(Record(writer, patient, (burst * Steps) + step));
                await table.RecoverAsync(handler.Unseen(records), cancellationToken).ConfigureAwait(false);
                batch.Number++;
                await handler.HandleAsync(records, batch, () => ValueTask.CompletedTask, cancellationToken).ConfigureAwait(false);
                folded += batch.Rows.Counters.Folded;
                batch.Clear();
            }

            await Task.Delay(s_pause, CancellationToken.None).ConfigureAwait(false);
        }

        return folded;
    }

    private static InboundRecord Record(ObservationWriter writer, int patient, int step)
    {
        const long begin = 1_600_000_000_000;
        var draft = new ObservationDraft { Patient = $"warmup:{patient}", Device = "monitor", Session = "1", Sequence = step, TimeMs = begin + (step * 1000L), IntervalMs = 1000 };
        foreach ((SignalCode code, double value) in s_readings)
            draft.Readings.Add(new(code, value + (((step * 7) + patient) % 5 * 0.1)));
        return new(step, draft.TimeMs, Encoding.UTF8.GetBytes(draft.Patient), writer.WriteJson(draft).ToArray(), RecordType.Observation, RecordContent.Json);
    }

    /// <summary>Knows nobody, and is asked for nothing else.</summary>
    private sealed class NoJournal : IJournal
    {
        public ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(int shard, IReadOnlyList<string> patients, CancellationToken cancellationToken) =>
            new([.. patients.Select(patient => new PatientHistory(patient, 0, default, []))]);

        public ValueTask<ShardRow> TakeOverAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ShardRow> ReadAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<WatchedPatient>> WatchedAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(int shard, long after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> ReadPublishedAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<bool> SavePublishedAsync(int shard, long epoch, long published, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
