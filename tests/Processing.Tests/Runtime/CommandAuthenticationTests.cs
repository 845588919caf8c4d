using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Runtime;

/// <summary>Commands as a shard handles them: those without a right code change nothing, and are dead letters.</summary>
public sealed class CommandAuthenticationTests
{
    private const string Patient = "icu:bed-7";
    private const long Now = 1_795_262_400_000;

    private static readonly CommandKeys s_old = Keys("old", 1);
    private static readonly CommandKeys s_new = Keys("new", 2);

    [Fact]
    public async Task A_command_with_a_right_code_is_followed()
    {
        var shard = new Shard(s_old);
        await shard.HandleAsync(Signed(s_old, "old", Limits(45)));
        Assert.Equal((1, 0), (shard.Batch.Rows.Counters.Commands, shard.Batch.Rows.Counters.DeadLetters));
        Assert.Equal(45, shard.LowLimit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("old:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("stranger:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("nonsense")]
    public async Task A_command_without_a_right_code_is_a_dead_letter_and_the_state_stays_as_it_was(string mac)
    {
        var shard = new Shard(s_old);
        await shard.HandleAsync(Signed(s_old, "old", Limits(45)));
        byte[] before = shard.State;

        InboundRecord forged = Record(Limits(20, Now + 1000)) with { Mac = Encoding.ASCII.GetBytes(mac) };
        await shard.HandleAsync(forged);

        Assert.Equal(before, shard.State);
        Assert.Equal((0, 1, 0), (shard.Batch.Rows.Counters.Commands, shard.Batch.Rows.Counters.DeadLetters, shard.Batch.Rows.EntryCount));
        OutboxRow letter = Assert.Single(shard.Batch.Rows.Outbox);
        Assert.Equal(OutboxKind.DeadLetter, letter.Kind);
        Assert.Equal((forged.Key, forged.Value), (letter.Key, letter.Value));
        Dictionary<string, string> headers = OutboxHeaders.Decode(letter.Headers.Span).ToDictionary();
        Assert.Equal(("unauthenticated", "headers.mac", "command"), (headers["reason"], headers["field"], headers["original-type"]));
    }

    [Fact]
    public async Task A_command_that_was_changed_on_the_way_is_a_dead_letter()
    {
        var shard = new Shard(s_old);
        InboundRecord signed = Signed(s_old, "old", Limits(45));
        await shard.HandleAsync(signed with { Value = Limits(20) });
        Assert.Equal((0, 1), (shard.Batch.Rows.Counters.Commands, shard.Batch.Rows.Counters.DeadLetters));
        Assert.NotEqual(20, shard.LowLimit);
    }

    [Fact]
    public async Task The_code_is_looked_at_before_the_value_is_read()
    {
        var shard = new Shard(s_old);
        await shard.HandleAsync(Record("{ no JSON"u8.ToArray()));
        Assert.Equal("unauthenticated", OutboxHeaders.Decode(Assert.Single(shard.Batch.Rows.Outbox).Headers.Span).ToDictionary()["reason"]);
    }

    [Fact]
    public async Task A_key_is_changed_without_a_moment_at_which_a_right_command_is_refused()
    {
        CommandKeys both = s_old.With(s_new);
        foreach ((CommandKeys known, string used, bool isTaken) in ((CommandKeys, string, bool)[])[(s_old, "old", true), (both, "old", true), (both, "new", true), (s_new, "new", true), (s_new, "old", false), (s_old, "new", false)])
        {
            var shard = new Shard(known);
            await shard.HandleAsync(Signed(both, used, Limits(45)));
            Assert.Equal(isTaken ? (1L, 0L) : (0L, 1L), (shard.Batch.Rows.Counters.Commands, shard.Batch.Rows.Counters.DeadLetters));
        }
    }

    [Fact]
    public async Task Without_keys_commands_are_taken_with_and_without_a_code()
    {
        var shard = new Shard(CommandKeys.None);
        await shard.HandleAsync(Record(Limits(45)), Signed(s_old, "old", Limits(40, Now + 1000)));
        Assert.Equal((2, 0), (shard.Batch.Rows.Counters.Commands, shard.Batch.Rows.Counters.DeadLetters));
        Assert.Equal(40, shard.LowLimit);
    }

    [Fact]
    public async Task Observations_need_no_code()
    {
        var shard = new Shard(s_old);
        var draft = new ObservationDraft { Patient = Patient, TimeMs = Now };
        draft.Readings.Add(new(SignalCode.HeartRate, 80));
        await shard.HandleAsync(new InboundRecord(0, Now, Encoding.UTF8.GetBytes(Patient), new ObservationWriter().WriteJson(draft).ToArray(), RecordType.Observation, RecordContent.Json));
        Assert.Equal((1, 0), (shard.Batch.Rows.Counters.Folded, shard.Batch.Rows.Counters.DeadLetters));
    }

    private static CommandKeys Keys(string id, byte fill)
    {
        var key = new byte[CommandKeys.ShortestKey];
        Array.Fill(key, fill);
        return CommandKeys.Parse($"{id}:{Convert.ToBase64String(key)}");
    }

    private static byte[] Limits(double low, long timeMs = Now) => CommandWriter.WriteJson(new(Patient, CommandKind.SetLimits, "", "dr.brown", null, timeMs) { Signal = SignalCode.HeartRate, Low = low });

    private static InboundRecord Record(byte[] value) => new(0, Now, Encoding.UTF8.GetBytes(Patient), value, RecordType.Command, RecordContent.Json);

    private static InboundRecord Signed(CommandKeys keys, string keyId, byte[] value)
    {
        InboundRecord record = Record(value);
        return record with { Mac = Encoding.ASCII.GetBytes(CommandMac.Make(keys, keyId, record.Key.Span, record.Content, value)) };
    }

    /// <summary>The handler of the only shard, with an empty journal.</summary>
    private sealed class Shard
    {
        private readonly ActorTable _table = new(0, new EmptyJournal(), NullLogger.Instance);
        private readonly BatchHandler _handler;

        internal Shard(CommandKeys keys) =>
            _handler = new(0, new NodeOptions { Partitions = 1, CommandKeys = keys }, new PatientActor(ActorConfiguration.Default, null), _table, "physio.observations", TimeProvider.System, NullLogger.Instance);

        internal PreparedBatch Batch { get; } = new();

        internal byte[] State
        {
            get
            {
                var writer = new PayloadWriter(256);
                _table.Find(Patient)!.State!.Encode(writer);
                return writer.Written.ToArray();
            }
        }

        internal double? LowLimit => _table.Find(Patient)?.State?.Orders?.OwnLimitsOf(SignalCode.HeartRate)?.Low;

        internal async Task HandleAsync(params InboundRecord[] records)
        {
            Batch.Clear();
            Batch.Number++;
            await _table.RecoverAsync(_handler.Unseen(records), CancellationToken.None);
            await _handler.HandleAsync(records, Batch, () => ValueTask.CompletedTask, CancellationToken.None);
        }
    }

    /// <summary>Knows nobody, and is asked for nothing else.</summary>
    private sealed class EmptyJournal : IJournal
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
