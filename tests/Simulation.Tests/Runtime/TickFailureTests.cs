using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Simulation.Tests.Journals;

namespace PhysioActors.Simulation.Tests.Runtime;

public sealed class TickFailureTests
{
    private const long Start = 1_760_000_000_000;

    [Fact]
    public async Task One_patient_whose_deadlines_fail_keeps_nobody_from_theirs()
    {
        var journal = new InMemoryJournal(new("log", 1), "log");
        ShardRow row = await journal.TakeOverAsync(0, default);
        bool fails = true;
        var actor = new PatientActor(ActorConfiguration.Default, null)
        {
            Interrupt = state =>
            {
                if (fails && state.Patient == "ward:ill" && state.Sequence > 0)
                    throw new InvalidOperationException("of this patient alone");
            },
        };
        var table = new ActorTable(0, journal, NullLogger.Instance);
        var handler = new BatchHandler(0, new NodeOptions { Partitions = 1 }, actor, table, "physio.observations", TimeProvider.System, NullLogger.Instance);
        handler.Reset(row);
        fails = false;
        long batches = 0;
        await HandleAsync(Observation("ward:ill", Start), Observation("ward:well", Start));
        fails = true;

        ShardBatch silence = await HandleAsync(Tick(Start + 120_000));

        Assert.Equal(["ward:well"], silence.Outbox.Where(sent => sent.Kind == OutboxKind.Anomaly).Select(sent => Encoding.UTF8.GetString(sent.Key.Span)));
        OutboxRow letter = Assert.Single(silence.Outbox, sent => sent.Kind == OutboxKind.DeadLetter);
        Assert.Contains("handling-failed", Encoding.UTF8.GetString(letter.Headers.Span), StringComparison.Ordinal);
        Assert.Contains("ward:ill", Encoding.UTF8.GetString(letter.Headers.Span), StringComparison.Ordinal);
        Assert.Equal(1, table.Find("ward:ill")!.State!.Sequence);

        // Not each second, but once a minute it is tried again.
        Assert.Empty((await HandleAsync(Tick(Start + 179_999))).Outbox);
        Assert.Single((await HandleAsync(Tick(Start + 180_000))).Outbox, sent => sent.Kind == OutboxKind.DeadLetter);

        fails = false;
        ShardBatch told = await HandleAsync(Tick(Start + 240_000));
        Assert.Contains(told.Outbox, sent => sent.Kind == OutboxKind.Anomaly && Encoding.UTF8.GetString(sent.Key.Span) == "ward:ill");

        async Task<ShardBatch> HandleAsync(params InboundRecord[] records)
        {
            var batch = new PreparedBatch { Number = ++batches };
            batch.Rows.Shard = 0;
            batch.Rows.Epoch = row.Epoch;
            batch.Rows.From = records[0].Offset;
            batch.Rows.To = records[^1].Offset + 1;
            await table.RecoverAsync(handler.Unseen(records), default);
            await handler.HandleAsync(records, batch, () => ValueTask.CompletedTask, default);
            Assert.Equal(CommitOutcome.Committed, await journal.CommitAsync(batch.Rows, default));
            return batch.Rows;
        }
    }

    private long _offset;

    private InboundRecord Observation(string patient, long timeMs) => new(
        _offset++, timeMs, Encoding.UTF8.GetBytes(patient),
        Encoding.UTF8.GetBytes($$"""{"v":1,"patient":"{{patient}}","device":"monitor","sequence":{{timeMs / 1000}},"time":"{{DateTimeOffset.FromUnixTimeMilliseconds(timeMs):yyyy-MM-ddTHH:mm:ssZ}}","readings":[{"code":"spo2","value":97,"unit":"%"}]}"""),
        RecordType.Observation, RecordContent.Json);

    private InboundRecord Tick(long timeMs) => new(_offset++, timeMs, default, new TickMessage(0, 1).Write(), RecordType.Tick, RecordContent.Json);
}
