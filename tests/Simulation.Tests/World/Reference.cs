using System.Text;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>One uninterrupted reader of one partition, with none of the runtime's machinery: what every faulty run must come to.</summary>
internal sealed class Reference
{
    private readonly SortedDictionary<string, PatientState> _states = new(StringComparer.Ordinal);

    /// <summary>The entries of each patient, in order.</summary>
    internal Dictionary<string, List<byte[]>> Entries { get; } = [];

    /// <summary>The ids of all anomaly events, in order.</summary>
    internal List<string> AnomalyIds { get; } = [];

    internal ShardCounters Counters { get; private set; }

    internal IReadOnlyDictionary<string, PatientState> States => _states;

    internal static Reference Fold(IReadOnlyList<InboundRecord> log, int partition, int partitions, PatientActor actor)
    {
        var reference = new Reference();
        var decoder = new ObservationDecoder();
        var observation = new DecodedObservation();
        long logMs = 0;
        foreach (InboundRecord record in log)
        {
            if (record.Type == RecordType.Tick)
            {
                long before = logMs;
                logMs = Math.Max(logMs, record.TimestampMs);
                foreach (PatientState waiting in reference._states.Values)
                {
                    if (actor.DeadlineMs(waiting, before) <= logMs)
                    {
                        actor.HandleTick(waiting, logMs);
                        reference.Take(waiting, actor.Decision);
                    }
                }

                reference.Counters += new ShardCounters { Ticks = 1 };
                continue;
            }

            if (decoder.Decode(record, partition, partitions, observation) is not null)
            {
                reference.Counters += new ShardCounters { DeadLetters = 1 };
                continue;
            }

            string patient = Encoding.UTF8.GetString(record.Key.Span);
            if (!reference._states.TryGetValue(patient, out PatientState? state))
                reference._states.Add(patient, state = new(patient));
            Disposition disposition = actor.Handle(state, observation, actor.LogTime(record.TimestampMs, logMs));
            reference.Counters += disposition switch
            {
                Disposition.Folded => new ShardCounters { Folded = 1 },
                Disposition.Late => new ShardCounters { Late = 1 },
                Disposition.Duplicate => new ShardCounters { Duplicates = 1 },
                _ => new ShardCounters { DeadLetters = 1 },
            };
            if (disposition is Disposition.Folded or Disposition.Late)
                reference.Take(state, actor.Decision);
        }

        return reference;
    }

    internal static byte[] Encode(PatientState state)
    {
        var writer = new PayloadWriter();
        state.Encode(writer);
        return writer.Written.ToArray();
    }

    private void Take(PatientState state, Decision decision)
    {
        if (!decision.HasEntry)
            return;
        if (!Entries.TryGetValue(state.Patient, out List<byte[]>? entries))
            Entries.Add(state.Patient, entries = []);
        entries.Add(decision.Entry.ToArray());
        foreach (AnomalyMessage anomaly in decision.Anomalies)
            AnomalyIds.Add(anomaly.EventId);
        Counters += new ShardCounters { AnomalyEvents = decision.Anomalies.Count };
    }
}
