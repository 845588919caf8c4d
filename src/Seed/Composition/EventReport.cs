using System.Text.Json;
using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Composition;

/// <summary>An event of the journal.</summary>
/// <param name="Sequence">The entry it stands in.</param>
/// <param name="Event">Its type.</param>
/// <param name="Text">What it says, for people.</param>
internal sealed record EventReport(long Sequence, string Event, string Text)
{
    /// <summary>Describes an event.</summary>
    public static EventReport Of(long sequence, object decided) => new(sequence, decided.GetType().Name, decided switch
    {
        ObservationFolded folded => Describe(folded.Facts),
        ObservationLate late => Describe(late.Facts),
        ObservationHeld held => Describe(held.Facts),
        EncounterBegan began => began.Encounter,
        ConfigurationTookEffect configuration => $"configuration {configuration.Configuration}, model {(configuration.Model.Length == 0 ? "none" : configuration.Model)}",
        ScoreComputed score => FormattableString.Invariant($"score {score.Score:0.000}, threshold {score.Threshold:0.000}{(score.Exceeded ? ", exceeded" : "")}"),
        RulePhaseChanged phase => $"{RuleName(phase.Rule)} {Word(phase.Phase)}",
        AnomalyRaised raised => $"{Name(raised.Kind, raised.Rule)}, {AnomalyJson.Text(raised.Severity)}, {AnomalyText.Time(raised.TimeMs)}",
        AnomalyUpdated updated => $"{Name(updated.Kind, updated.Rule)}, {AnomalyJson.Text(updated.Severity)}, {AnomalyText.Time(updated.TimeMs)}",
        AnomalyCleared cleared => $"{Name(cleared.Kind, cleared.Rule)}, {AnomalyText.Time(cleared.TimeMs)}",
        AnomalyAcknowledged acknowledged => $"{Name(acknowledged.Kind, acknowledged.Rule)}, by {acknowledged.By}",
        Rebased rebased => $"logic {rebased.LogicVersion}",
        LogTimeCorrected corrected => $"log time {AnomalyText.Time(corrected.LogMs)}",
        BeatsFound beats => Describe(beats),
        RhythmChanged rhythm => Describe(rhythm.Change),
        WeightJudged weight => WeightWords.Of(weight),
        AlarmEvent alarm => Describe(alarm),
        OrderTaken order => OrdersReport.Describe(order),
        _ => "",
    });

    /// <summary>The beats with the first word of their class; final classes as far as they are other than normal, or nothing else is to be said.</summary>
    private static string Describe(in BeatsFound beats)
    {
        bool isAll = beats.Found.Count == 0;
        IEnumerable<string> final = beats.Classified.Where(beat => isAll || beat.Class != BeatClass.Normal).GroupBy(beat => beat.Class)
            .Select(same => $"finally {Word(same.Key)} {string.Join(", ", same.Select(beat => AnomalyText.TimeOfDay(beat.TimeMs)))}");
        string found = string.Join(", ", beats.Found.Select(beat => $"{Word(beat.Class)} {AnomalyText.TimeOfDay(beat.TimeMs)}"));
        return string.Join("; ", isAll ? final : final.Prepend(found));
    }

    private static string Describe(in AlarmEvent alarm)
    {
        string about = alarm.Condition == ConditionId.None ? Word(alarm.Pause) : AlarmConditions.Get(alarm.Condition).Name;
        return $"{about} {(alarm.Kind == AlarmEventKind.PhaseChanged ? Word(alarm.Phase) : Word(alarm.Kind))}, {AnomalyText.Time(alarm.TimeMs)}";
    }

    private static string Describe(in RhythmChange change) =>
        $"{Word(change.Condition)} {Word(change.Kind)}, {AnomalyText.Time(change.TimeMs)}{(change.Veto == Veto.None ? "" : $", {Word(change.Veto)} speaks against it")}";

    private static string Describe(ObservationFacts facts)
    {
        IEnumerable<string> readings = facts.Readings.Select(reading =>
        {
            string value = reading.Reading.HasValue ? FormattableString.Invariant($" {SignalCodes.ToValue(reading.Reading.Code, reading.Reading.Steps):0.##}") : "";
            return $"{AnomalyText.Name(reading.Reading.Code)}{value}{(reading.IsAccepted ? "" : $" ({Word(reading.Outcome)})")}";
        });
        IEnumerable<string> waveforms = facts.Waveforms.Select(waveform =>
        {
            string outcome = waveform.Outcome == ChunkOutcome.Continued ? "" : $" ({Word(waveform.Outcome)})";
            return $"{WaveformSignals.Get(waveform.Chunk.Signal).Name} {waveform.Count} samples{outcome}";
        });
        IEnumerable<string> refused = facts.Refused.Select(reading => $"{AnomalyText.Name(reading.Code)} refused ({reading.Reason})");
        return $"{AnomalyText.Time(facts.TimeMs)}  {string.Join(", ", readings.Concat(waveforms).Concat(refused))}";
    }

    private static string RuleName(RuleId rule) => AlarmConditions.Get((ConditionId)rule).Name;

    private static string Name(AnomalyKind kind, RuleId rule) => kind == AnomalyKind.Rule ? RuleName(rule) : AnomalyJson.Text(kind);

    private static string Word(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
