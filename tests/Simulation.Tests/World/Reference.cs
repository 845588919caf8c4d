using System.Text;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>One uninterrupted reader of one partition, with none of the runtime's machinery: what every faulty run must come to.</summary>
internal sealed class Reference(int partition, int partitions, PatientActor actor)
{
    private readonly SortedDictionary<string, PatientState> _states = new(StringComparer.Ordinal);
    private readonly ObservationDecoder _decoder = new();
    private readonly DecodedObservation _observation = new();
    private long _logMs;

    /// <summary>The entries of each patient, in order.</summary>
    internal Dictionary<string, List<byte[]>> Entries { get; } = [];

    /// <summary>The waveform samples of each patient's entries, as <see cref="Entries"/>; empty where an entry has none.</summary>
    internal Dictionary<string, List<byte[]>> Samples { get; } = [];

    /// <summary>The ids of all anomaly events, in order.</summary>
    internal List<string> AnomalyIds { get; } = [];

    internal ShardCounters Counters { get; private set; }

    /// <summary>Commands that were refused; they are dead letters.</summary>
    internal int RefusedCommands { get; private set; }

    internal IReadOnlyDictionary<string, PatientState> States => _states;

    /// <summary>All that was told, in order.</summary>
    internal List<AnomalyMessage> Anomalies { get; } = [];

    internal static Reference Fold(IReadOnlyList<InboundRecord> log, int partition, int partitions, PatientActor actor)
    {
        var reference = new Reference(partition, partitions, actor);
        foreach (InboundRecord record in log)
            reference.Handle(record);
        return reference;
    }

    /// <summary>Handles the next record.</summary>
    internal void Handle(in InboundRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Tick:
                HandleTick(record);
                break;
            case RecordType.Command:
                HandleCommand(record);
                break;
            default:
                HandleObservation(record);
                break;
        }
    }

    internal static byte[] Encode(PatientState state)
    {
        var writer = new PayloadWriter();
        state.Encode(writer);
        return writer.Written.ToArray();
    }

    private void HandleTick(in InboundRecord record)
    {
        long before = _logMs;
        _logMs = Math.Max(_logMs, record.TimestampMs);
        foreach (PatientState waiting in _states.Values)
        {
            if (actor.DeadlineMs(waiting, before) <= _logMs)
            {
                actor.HandleTick(waiting, _logMs);
                Take(waiting, actor.Decision);
            }
        }

        Counters += new ShardCounters { Ticks = 1 };
    }

    private void HandleObservation(in InboundRecord record)
    {
        if (_decoder.Decode(record, partition, partitions, _observation) is not null)
        {
            Counters += new ShardCounters { DeadLetters = 1 };
            return;
        }

        PatientState state = StateOf(record);
        Disposition disposition = actor.Handle(state, _observation, actor.LogTime(record.TimestampMs, _logMs));
        Counters += disposition switch
        {
            Disposition.Folded => new ShardCounters { Folded = 1 },
            Disposition.Late => new ShardCounters { Late = 1 },
            Disposition.Duplicate => new ShardCounters { Duplicates = 1 },
            _ => new ShardCounters { DeadLetters = 1 },
        };
        if (disposition is Disposition.Folded or Disposition.Late)
            Take(state, actor.Decision);
    }

    private void HandleCommand(in InboundRecord record)
    {
        if (CommandDecoder.Decode(record, partition, partitions, out CommandMessage? command) is not null
            || actor.Handle(StateOf(record), command!, actor.LogTime(record.TimestampMs, _logMs)) is not null)
        {
            Counters += new ShardCounters { DeadLetters = 1 };
            RefusedCommands++;
            return;
        }

        Counters += new ShardCounters { Commands = 1 };
        Take(StateOf(record), actor.Decision);
    }

    private PatientState StateOf(in InboundRecord record)
    {
        string patient = Encoding.UTF8.GetString(record.Key.Span);
        if (!_states.TryGetValue(patient, out PatientState? state))
            _states.Add(patient, state = new(patient));
        return state;
    }

    private void Take(PatientState state, Decision decision)
    {
        if (!decision.HasEntry)
            return;
        if (!Entries.TryGetValue(state.Patient, out List<byte[]>? entries))
        {
            Entries.Add(state.Patient, entries = []);
            Samples.Add(state.Patient, []);
        }

        entries.Add(decision.Entry.ToArray());
        Samples[state.Patient].Add(decision.Samples.ToArray());
        foreach (AnomalyMessage anomaly in decision.Anomalies)
        {
            AnomalyIds.Add(anomaly.EventId);
            Anomalies.Add(anomaly);
        }

        Counters += new ShardCounters { AnomalyEvents = decision.Anomalies.Count };
    }
}
