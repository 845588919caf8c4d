using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>Reads the events of a journal entry without folding them, for people who look at a patient.</summary>
public static class EntryReader
{
    /// <summary>The events, in order; each is one of the types in <c>PhysioActors.Processing.Patients.Events</c>.</summary>
    /// <exception cref="InvalidDataException">The entry is damaged, or was written by a later version.</exception>
    public static IReadOnlyList<object> Read(ReadOnlySpan<byte> entry)
    {
        var reader = new PayloadReader(entry);
        byte format = reader.Byte();
        if (format != LogicVersion.Format)
            throw new InvalidDataException($"The entry has format {format}; this program reads format {LogicVersion.Format}.");
        reader.Count(int.MaxValue);
        byte key = reader.Byte();
        if (key != LogicVersion.ClearKey)
            throw new InvalidDataException($"The entry is encrypted with key {key}; this program has no keys.");
        var events = new List<object>();
        while (!reader.AtEnd)
            events.Add(Next(ref reader));
        return events;
    }

    private static object Next(ref PayloadReader reader)
    {
        var tag = (EventTag)reader.Byte();
        return tag switch
        {
            EventTag.ObservationFolded => new ObservationFolded(Facts(ref reader)),
            EventTag.ObservationLate => new ObservationLate(Facts(ref reader)),
            EventTag.ObservationHeld => new ObservationHeld(Facts(ref reader)),
            EventTag.HeldObservationReleased => HeldObservationReleased.Decode(ref reader),
            EventTag.EncounterBegan => EncounterBegan.Decode(ref reader),
            EventTag.ConfigurationTookEffect => ConfigurationTookEffect.Decode(ref reader),
            EventTag.ScoreComputed => ScoreComputed.Decode(ref reader),
            EventTag.RulePhaseChanged => RulePhaseChanged.Decode(ref reader),
            EventTag.AnomalyRaised => AnomalyRaised.Decode(ref reader),
            EventTag.AnomalyUpdated => AnomalyUpdated.Decode(ref reader),
            EventTag.AnomalyCleared => AnomalyCleared.Decode(ref reader),
            EventTag.AnomalyAcknowledged => AnomalyAcknowledged.Decode(ref reader),
            EventTag.Rebased => Rebased.Decode(ref reader),
            EventTag.LogTimeCorrected => LogTimeCorrected.Decode(ref reader),
            EventTag.BeatsFound => BeatsFound.Decode(ref reader),
            EventTag.RhythmChanged => RhythmChanged.Decode(ref reader),
            EventTag.WeightJudged => WeightJudged.Decode(ref reader),
            EventTag.Alarm => AlarmEvent.Decode(ref reader),
            EventTag.OrderTaken => OrderTaken.Decode(ref reader),
            EventTag.RhythmLimitsSet => RhythmLimitsSet.Decode(ref reader),
            _ => throw new InvalidDataException($"The entry holds an event with tag {(byte)tag}, which this program does not know."),
        };
    }

    private static ObservationFacts Facts(ref PayloadReader reader)
    {
        var facts = new ObservationFacts();
        facts.Decode(ref reader);
        return facts;
    }
}
