using System.Text;
using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>One patient with its actor: sends observations, keeps what was decided, and checks after every message that the journal gives the state in memory.</summary>
internal sealed class Bedside
{
    internal const long Start = 1_760_000_000_000;
    internal const string Patient = "ward:bed-1";

    private readonly PatientActor _actor;
    private readonly DecodedObservation _observation = new();

    internal Bedside(ActorConfiguration? configuration = null, IsolationForest? model = null, int logic = LogicVersion.Current, PatientState? state = null, bool doubtsSilence = true)
    {
        _actor = new(configuration ?? ActorConfiguration.Default, model, logic) { DoubtsSilence = doubtsSilence };
        State = state ?? new(Patient);
        Replayed = PatientState.Decode(Patient, Encode(State));
    }

    internal PatientState State { get; }

    /// <summary>The fold of the entries, kept beside.</summary>
    internal PatientState Replayed { get; private set; }

    internal List<byte[]> Entries { get; } = [];

    /// <summary>The samples of each entry.</summary>
    internal List<byte[]> Samples { get; } = [];

    /// <summary>All events, as they are read from the journal.</summary>
    internal IEnumerable<object> Events => Entries.SelectMany(entry => EntryReader.Read(entry));

    /// <summary>The counts of all decisions.</summary>
    internal AlarmCounts Counts { get; private set; }

    /// <summary>All anomalies but those of scores.</summary>
    internal List<AnomalyMessage> Anomalies { get; } = [];

    /// <summary>The anomalies of scores, which several signals make and any of them may.</summary>
    internal List<AnomalyMessage> Scores { get; } = [];

    /// <summary>The open alarms but those of scores.</summary>
    internal IReadOnlyList<AlarmState> Open => [.. State.Alarms.List().Where(alarm => AlarmConditions.Get(alarm.Condition).Kind != ConditionKind.Score)];

    internal long Sequence { get; set; }

    /// <summary>Log time by the ticks.</summary>
    internal long ShardLogMs { get; private set; }

    internal Disposition Send(
        long atMs, (SignalCode Code, double Value)[] readings, long? sequence = null, string device = "monitor", string session = "", string encounter = "", long? logMs = null,
        ReadingQuality quality = ReadingQuality.Ok, bool numbered = true)
    {
        _observation.Clear();
        _observation.PatientKey = Encoding.UTF8.GetBytes(Patient);
        _observation.Device = Encoding.UTF8.GetBytes(device);
        _observation.Session = Encoding.UTF8.GetBytes(session);
        _observation.Encounter = Encoding.UTF8.GetBytes(encounter);
        _observation.TimeMs = Start + atMs;
        _observation.Sequence = numbered ? sequence ?? Sequence++ : -1;
        ulong hash = 14695981039346656037;
        foreach ((SignalCode code, double value) in readings)
        {
            Assert.True(SignalCodes.Quantise(code, value, out ushort steps));
            _observation.TryAdd(new Reading(code, true, steps, Start + atMs, quality, ReadingSource.Unspecified));
            hash = (((hash ^ (ulong)code) * 1099511628211) ^ steps) * 1099511628211;
        }

        _observation.ContentHash = hash ^ (ulong)atMs;
        Disposition disposition = _actor.Handle(State, _observation, _actor.LogTime(Start + (logMs ?? atMs), ShardLogMs));
        Take();
        return disposition;
    }

    internal Disposition HeartRate(long atMs, double value, long? sequence = null) => Send(atMs, [(SignalCode.HeartRate, value)], sequence);

    internal void Tick(long atMs)
    {
        ShardLogMs = Start + atMs;
        _actor.HandleTick(State, ShardLogMs);
        Take();
    }

    internal long? DeadlineMs => _actor.DeadlineMs(State, Math.Max(ShardLogMs, State.LogMs)) - Start;

    internal bool Acknowledge(string anomalyId, long atMs) => Acknowledge(anomalyId, atMs, atMs);

    internal bool Acknowledge(string anomalyId, long commandMs, long atMs) =>
        Command(new(Patient, CommandKind.Acknowledge, anomalyId, "nurse", "seen", Start + commandMs), atMs) is null;

    internal Refusal? Command(CommandMessage command, long atMs)
    {
        Refusal? refusal = _actor.Handle(State, command, Start + atMs);
        Take();
        return refusal;
    }

    /// <summary>Sends chunks of waveforms in one message, without readings.</summary>
    internal Disposition Send(long atMs, params WaveformChunk[] chunks) => Send(atMs, atMs, chunks);

    /// <summary>The same, when the message comes later than it was made.</summary>
    internal Disposition Send(long atMs, long logMs, WaveformChunk[] chunks)
    {
        _observation.Clear();
        _observation.PatientKey = Encoding.UTF8.GetBytes(Patient);
        _observation.Device = "monitor"u8.ToArray();
        _observation.TimeMs = Start + atMs;
        _observation.Sequence = Sequence++;
        foreach (WaveformChunk chunk in chunks)
            _observation.TryAdd(chunk);
        Disposition disposition = _actor.Handle(State, _observation, Start + logMs);
        Take();
        return disposition;
    }

    internal static byte[] Encode(PatientState state)
    {
        var writer = new PayloadWriter();
        state.Encode(writer);
        return writer.Written.ToArray();
    }

    private void Take()
    {
        if (_actor.Decision.HasEntry && State.Sequence == Replayed.Sequence + 1)
        {
            Entries.Add(_actor.Decision.Entry.ToArray());
            Samples.Add(_actor.Decision.Samples.ToArray());
            Counts += _actor.Decision.Counts;
            foreach (AnomalyMessage anomaly in _actor.Decision.Anomalies)
                (anomaly.Kind == AnomalyKind.Score ? Scores : Anomalies).Add(anomaly);
            Replayed.Apply(State.Sequence, _actor.Decision.Entry, _actor.Decision.Samples);
        }

        byte[] memory = Encode(State);
        Assert.Equal(memory, Encode(Replayed));
        // A snapshot taken now gives the same state, and goes on from there.
        PatientState restored = PatientState.Decode(Patient, memory);
        Assert.Equal(memory, Encode(restored));
        Replayed = restored;
    }
}
