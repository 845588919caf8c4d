using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Processing.Tests.Signals.Waveforms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>Waveforms among readings, through the actor and its journal.</summary>
public sealed class WaveformAlarmTests
{
    private static readonly Lazy<PlayedSignal[]> s_signals = new(() =>
    {
        PlayedSignal[] signals = PlayedHeart.Eventful();
        // Both leads off for 13 s, for which the alarm waits 10 s.
        foreach (PlayedSignal lead in signals.Where(signal => signal.Signal != WaveformSignal.ArterialPressure))
            lead.Samples.AsSpan(52 * PlayedHeart.EcgHz, 13 * PlayedHeart.EcgHz).Fill(WaveformSignals.Missing);
        return signals;
    });

    private static readonly Lazy<Bedside> s_seconds = new(() => Live(() => 1000));

    [Fact]
    public void Rhythms_and_leads_that_are_off_are_alarms_with_the_times_of_the_data()
    {
        (string, AnomalyState, long)[] told = [.. Told(s_seconds.Value)];
        Assert.Contains(told, alarm => alarm is ("asystole", AnomalyState.Raised, > 25_000 and < 28_000));
        Assert.Contains(told, alarm => alarm is ("extreme-tachycardia", AnomalyState.Raised, > 36_000 and < 46_000));
        Assert.Contains(told, alarm => alarm is ("ecg-leads-off", AnomalyState.Raised, > 62_000 and < 66_000));
        Assert.Contains(told, alarm => alarm is ("ecg-leads-off", AnomalyState.Cleared, > 65_000 and < 70_000));
        Assert.Contains(told, alarm => alarm is ("hr-high", AnomalyState.Raised, > 35_000 and < 65_000));
        Assert.InRange(Beats(s_seconds.Value).Length, 80, 115);
    }

    [Fact]
    public void Cut_otherwise_the_same_waveforms_give_the_same_alarms_and_beats()
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            var random = new Random(seed);
            Bedside bed = Live(() => random.Next(30, 2500));
            Assert.Equal(Told(s_seconds.Value), Told(bed));
            Assert.Equal(Beats(s_seconds.Value), Beats(bed));
        }
    }

    [Fact]
    public void The_journal_and_its_samples_give_the_state_in_memory_from_the_first_entry_on_and_from_any_snapshot()
    {
        Bedside bed = s_seconds.Value;
        byte[] expected = Bedside.Encode(bed.State);
        var state = new PatientState(Bedside.Patient);
        for (int i = 0; i < bed.Entries.Count; i++)
        {
            state.Apply(i + 1, bed.Entries[i], bed.Samples[i]);
            if (i % 20 == 0)
                state = PatientState.Decode(Bedside.Patient, Bedside.Encode(state));
        }

        Assert.Equal(expected, Bedside.Encode(state));
        Assert.Contains(bed.Samples, samples => samples.Length > 500);
    }

    [Fact]
    public void Samples_that_are_gone_before_a_snapshot_holds_them_and_samples_of_another_entry_are_an_error()
    {
        Bedside bed = s_seconds.Value;
        int sampled = bed.Samples.FindIndex(samples => samples.Length > 0), other = bed.Samples.FindIndex(sampled + 1, samples => samples.Length > 0);
        foreach (byte[] wrong in new[] { [], bed.Samples[other][..^1], [.. bed.Samples[sampled], 1] })
        {
            var state = new PatientState(Bedside.Patient);
            for (int i = 0; i < sampled; i++)
                state.Apply(i + 1, bed.Entries[i], bed.Samples[i]);
            Assert.Throws<InvalidDataException>(() => state.Apply(sampled + 1, bed.Entries[sampled], wrong));
        }

        // Samples of the same number and other values: other beats are found than were journaled.
        var swapped = new PatientState(Bedside.Patient);
        Assert.Throws<InvalidDataException>(() =>
        {
            for (int i = 0; i < bed.Entries.Count; i++)
                swapped.Apply(i + 1, bed.Entries[i], bed.Samples[i].Length == bed.Samples[sampled].Length ? bed.Samples[sampled] : bed.Samples[i].Select(b => (byte)(b == 1 ? 3 : b)).ToArray());
        });
    }

    /// <summary>Readings each 5 s and, in messages of their own, all signals in chunks that end together.</summary>
    private static Bedside Live(Func<int> lengthMs)
    {
        const int endMs = 70_000;
        var bed = new Bedside();
        int readingsAt = 0;
        for (int from = 0; from < endMs;)
        {
            int to = Math.Min(endMs, from + lengthMs());
            to -= to % 8; // A whole number of samples of both rates.
            if (to == from)
                to += 8;
            for (; readingsAt < to; readingsAt += 5000)
                bed.Send(readingsAt, [(SignalCode.HeartRate, readingsAt is >= 25_000 and < 60_000 ? 150 : 75), (SignalCode.SpO2, 97), (SignalCode.RespiratoryRate, 14)]);
            bed.Send(to, [.. s_signals.Value.Select(signal => Piece(signal, from, to))]);
            from = to;
        }

        return bed;
    }

    private static WaveformChunk Piece(PlayedSignal signal, int fromMs, int toMs)
    {
        int first = (int)(fromMs * (long)signal.RateMilliHz / 1_000_000), last = (int)(toMs * (long)signal.RateMilliHz / 1_000_000);
        return new(signal.Signal, signal.RateMilliHz, PlayedSignal.Gain, 0, signal.TimeMs(first), signal.Samples.AsMemory(first, last - first));
    }

    private static IEnumerable<(string Condition, AnomalyState State, long AtMs)> Told(Bedside bed) =>
        bed.Anomalies.Select(anomaly => (anomaly.Rule ?? anomaly.Kind.ToString(), anomaly.State, anomaly.EventTimeMs - Bedside.Start));

    private static FoundBeat[] Beats(Bedside bed) => [.. bed.Entries.SelectMany(entry => EntryReader.Read(entry)).OfType<BeatsFound>().SelectMany(found => found.Found)];
}
