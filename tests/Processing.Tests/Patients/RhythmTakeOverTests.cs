using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Tests.Signals.Rhythm;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>
/// A journal of an older logic is folded with the detectors of this one, which may find other rhythms in its samples than were told then. When this logic takes the patient over, what was told is
/// brought in line with what is found.
/// </summary>
public sealed class RhythmTakeOverTests
{
    private const int Older = 3;
    private const int TakenOverAt = 25;
    private const double LastBeat = 14.9;

    private static readonly List<(double At, bool IsVentricular)> s_stopping = [.. SyntheticHeart.Every(0.8, 0.5, 15).Select(at => (at, false))];
    private static readonly List<(double At, bool IsVentricular)> s_regular = [.. SyntheticHeart.Every(0.8, 0.5, 60).Select(at => (at, false))];

    [Fact]
    public void A_rhythm_that_is_found_while_an_old_journal_is_replayed_is_told_when_this_logic_takes_over()
    {
        PatientState state = Folded(told: s_regular, found: s_stopping);
        Assert.True(IsFound(state));
        Assert.Empty(state.Alarms.Conditions);

        var bed = new Bedside(state: state) { Sequence = TakenOverAt };
        Play(bed, TakenOverAt, 27, s_stopping);
        AnomalyMessage raised = Assert.Single(bed.Anomalies);
        Assert.Equal((AnomalyKind.Rhythm, "asystole", AnomalyState.Raised), (raised.Kind, raised.Rule, raised.State));
        Assert.Equal(Bedside.Start + ((TakenOverAt + 1) * 1000), raised.EventTimeMs);
        Assert.Equal(LogicVersion.Current, bed.State.Logic);
    }

    [Fact]
    public void A_rhythm_that_was_told_by_old_logic_and_is_not_found_while_its_journal_is_replayed_ends_after_this_logic_took_over()
    {
        PatientState state = Folded(told: s_stopping, found: s_regular);
        Assert.False(IsFound(state));
        Assert.Equal(AlarmPhase.Active, Assert.Single(state.Alarms.Conditions).Phase);

        var bed = new Bedside(state: state) { Sequence = TakenOverAt };
        Play(bed, TakenOverAt, 32, s_regular);
        AnomalyMessage latched = Assert.Single(bed.Anomalies);
        Assert.Equal(("asystole", AnomalyState.Updated, AnomalyChange.Latched), (latched.Rule, latched.State, latched.Change));
        // As one that was there at the last second that was decided.
        Assert.Equal(Bedside.Start + (TakenOverAt * 1000) + RhythmMonitor.GoneMs, latched.EventTimeMs);
    }

    [Fact]
    public void A_rhythm_that_was_told_and_is_found_is_told_no_second_time()
    {
        PatientState state = Folded(told: s_stopping, found: s_stopping);
        Assert.True(IsFound(state));
        var bed = new Bedside(state: state) { Sequence = TakenOverAt };
        Play(bed, TakenOverAt, 32, s_stopping);
        Assert.Empty(bed.Anomalies);
        Assert.Equal(AlarmPhase.Active, Assert.Single(bed.Open).Phase);
    }

    /// <summary>The fold of a journal that older logic wrote for one heart, with the samples of another in place of those: what this program's detectors find is not what was told.</summary>
    private static PatientState Folded(List<(double At, bool IsVentricular)> told, List<(double At, bool IsVentricular)> found)
    {
        Bedside journal = Played(told), other = Played(found);
        var state = new PatientState(Bedside.Patient);
        for (int i = 0; i < TakenOverAt; i++)
            state.Apply(i + 1, journal.Entries[i], other.Samples[i]);
        Assert.Equal(Older, state.Logic);
        return state;

        static Bedside Played(List<(double At, bool IsVentricular)> beats)
        {
            var bed = new Bedside(logic: Older);
            Play(bed, 0, TakenOverAt, beats);
            Assert.Equal(TakenOverAt, bed.Entries.Count);
            return bed;
        }
    }

    private static bool IsFound(PatientState state)
    {
        // What is found is not to be seen from outside but by what comes next: a copy that is taken over by nobody tells its changes.
        PatientState copy = PatientState.Decode(Bedside.Patient, Bedside.Encode(state));
        for (int second = TakenOverAt; second < TakenOverAt + 12; second++)
        {
            copy.Waveforms!.BeginFold();
            copy.Waveforms.Append(Second(second, s_regular), 0);
            copy.Waveforms.Advance();
            if (copy.Waveforms.Changes.Any(change => change is { Condition: RhythmCondition.Asystole, Kind: RhythmChangeKind.Ended }))
                return true;
        }

        return false;
    }

    private static void Play(Bedside bed, int from, int to, List<(double At, bool IsVentricular)> beats)
    {
        for (int second = from; second < to; second++)
            bed.Send((second + 1) * 1000, Second(second, beats));
    }

    private static WaveformChunk Second(int second, List<(double At, bool IsVentricular)> beats) =>
        ClinicalActorTests.Chunk(WaveformSignal.EcgII, 250, 200, second, t => SyntheticHeart.Ecg(t, beats, 1));
}
