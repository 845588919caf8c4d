using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Scoring;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Alarms;

/// <summary>
/// A week on a simulated ward, once without a break and once with crashes: at each the state in memory is lost, and made anew from the last snapshot and the journaled events behind it, in their stored form.
/// What was decided but not journaled is lost with it, and its records are read again. No alarm may repeat, none may be lost.
/// </summary>
public sealed class WardWeekTests
{
    private const int Patients = 8;
    private const int Crashes = 50;
    private const int StepMs = 20_000;
    private const int StepsInAWeek = 7 * 24 * 3600 * 1000 / StepMs;
    private const int StepsInABatch = 50;
    private const int BatchesInASnapshot = 7;

    private static readonly AlarmBasis Basis = new(LimitOrigin.Configuration, AgeClass.Adult);
    private static readonly SignalCode[] Signals = [SignalCode.HeartRate, SignalCode.SpO2, SignalCode.RespiratoryRate];

    [Fact]
    public void Over_a_week_no_alarm_repeats_and_none_is_lost_through_50_crashes()
    {
        var dice = new Xoshiro256(7);
        var crashes = new HashSet<(int Patient, int Batch)>();
        while (crashes.Count < Crashes)
            crashes.Add((dice.Below(Patients), dice.Below(StepsInAWeek / StepsInABatch)));
        long alarms = 0, unknown = 0;
        for (int patient = 0; patient < Patients; patient++)
        {
            var calm = new Journal();
            var troubled = new Journal();
            byte[] expected = Live(patient, calm, []);
            byte[] actual = Live(patient, troubled, [.. crashes.Where(crash => crash.Patient == patient).Select(crash => crash.Batch)]);
            Assert.Equal(calm.Entries.Count, troubled.Entries.Count);
            for (int i = 0; i < calm.Entries.Count; i++)
                Assert.True(calm.Entries[i].AsSpan().SequenceEqual(troubled.Entries[i]), $"patient {patient}, event {i}");
            Assert.Equal(expected, actual);
            Assert.Equal(troubled.Began.Count, troubled.Began.Distinct().Count());
            alarms += troubled.Began.Count;
            unknown += troubled.Unknown;
        }

        // So that the week is not an empty one.
        Assert.True(alarms > Patients * 7 && unknown > Patients, $"{alarms} alarms, {unknown} ended or latched as unknown");
    }

    /// <summary>Lives a patient's week in batches that are journaled as a whole; in a crash the batch is lost, and done again.</summary>
    private static byte[] Live(int patient, Journal journal, HashSet<int> crashes)
    {
        var alarms = new PatientAlarms(AlarmSettings.Default);
        byte[] snapshot = Bed.Bytes(alarms);
        int covered = 0;
        for (int batch = 0; batch * StepsInABatch < StepsInAWeek; batch++)
        {
            bool crashed = crashes.Remove(batch);
            var pending = new Journal { First = journal.Entries.Count };
            // A crash comes somewhere in the batch.
            int last = crashed ? batch * 31 % StepsInABatch : StepsInABatch - 1;
            for (int step = 0; step <= last; step++)
                Step(patient, (batch * StepsInABatch) + step, alarms, pending);
            if (crashed)
            {
                alarms = Recover(snapshot, journal.Entries.Skip(covered));
                batch--;
                continue;
            }

            journal.Commit(pending);
            if (batch % BatchesInASnapshot == 0)
            {
                snapshot = Bed.Bytes(alarms);
                covered = journal.Entries.Count;
            }
        }

        return Bed.Bytes(alarms);
    }

    private static PatientAlarms Recover(byte[] snapshot, IEnumerable<byte[]> entries)
    {
        var reader = new PayloadReader(snapshot);
        PatientAlarms alarms = PatientAlarms.Decode(ref reader, AlarmSettings.Default);
        foreach (byte[] entry in entries)
        {
            var content = new PayloadReader(entry);
            alarms.Apply(AlarmEvent.Decode(ref content));
        }

        return alarms;
    }

    /// <summary>One moment of one patient: readings, sometimes a sensor that falls off, sometimes a person who does something. The same for the same patient and moment.</summary>
    private static void Step(int patient, int step, PatientAlarms alarms, Journal journal)
    {
        long now = Bed.Start + ((long)step * StepMs);
        var dice = new Xoshiro256(((ulong)patient << 32) + (ulong)step);
        // A quarter of an hour of silence each seven hours: only that nothing comes is known. Saturation is measured now and then.
        int silent = (step + (patient * 150)) % 1260 - 1215;
        if (silent >= 0)
        {
            alarms.Assess(Assessment.Of(ConditionId.NoData, Presence.Present), now, now, journal);
            alarms.Doubt(new Silence(now), now, journal);
            alarms.Tick(now + (StepMs / 2), journal);
            return;
        }

        alarms.Assess(Assessment.Of(ConditionId.NoData, Presence.Absent), now, now, journal);
        // Slow swings through the limits, an hour and five hours long, and noise.
        double swing = Triangle(step, 180 + patient) + Triangle(step, 911 - patient);
        double[] values = [85 + (28 * swing) + (4 * dice.Unit()), 95 - (4 * swing) + dice.Unit(), 19 + (8 * swing) + (2 * dice.Unit())];
        for (int signal = 0; signal < Signals.Length; signal++)
        {
            bool off = ((step / 45) + (signal * 7) + patient) % 97 == 0;
            SignalLimits limits = LimitTable.For(AgeClass.Adult, Signals[signal]).Values;
            alarms.Assess(Assessment.Of(AlarmConditions.SensorOff(Signals[signal]), off ? Presence.Present : Presence.Absent), now - 500, now, journal);
            foreach (LimitRule rule in LimitRules.Of(Signals[signal]))
                alarms.Assess(off ? Assessment.Of(rule.Condition, Presence.Unknown) : rule.Assess(values[signal], limits) with { Basis = Basis }, now - 500, now, journal);
        }

        if ((step + (patient * 400)) % 5000 < 2)
            alarms.Assess(Assessment.Of(ConditionId.Asystole, dice.Below(3) == 0 ? Presence.Vetoed : Presence.Present), now, now, journal);
        else
            alarms.Assess(Assessment.Of(ConditionId.Asystole, Presence.Absent), now, now, journal);
        if (dice.Below(20) == 0 && alarms.List() is [AlarmState first, ..])
            alarms.Acknowledge(first.Origin, "nurse", "", now, now, journal);
        if (dice.Below(1000) == 0)
            alarms.Pause(PauseKind.Audio, 120_000, "nurse", "", now, now, journal);
        alarms.Tick(now + (StepMs / 2), journal);
    }

    private readonly record struct Silence(long TimeMs) : IDoubt
    {
        public Doubted? About(AlarmState alarm) =>
            AlarmConditions.Get(alarm.Condition).IsTechnical ? null : new(AlarmConditions.Get(alarm.Condition).Code == SignalCode.SpO2 ? Presence.Unmeasured : Presence.Unknown, TimeMs);
    }

    private static double Triangle(int step, int half) => Math.Abs((step % (2 * half)) - half) / (double)half;

    private sealed class Journal : IAlarmSink
    {
        private readonly PayloadWriter _writer = new();

        public int First { get; init; }

        public List<byte[]> Entries { get; } = [];

        public List<(ConditionId Condition, long TimeMs)> Began { get; } = [];

        public int Unknown { get; private set; }

        public AlarmOrigin NextOrigin => new(First + Entries.Count, 0);

        public void Take(in AlarmEvent decided, AlarmState? alarm, AlarmPauseState? pause)
        {
            _writer.Truncate();
            decided.Encode(_writer);
            Entries.Add(_writer.Written.ToArray());
            if (decided.Kind == AlarmEventKind.Began)
                Began.Add((decided.Condition, decided.TimeMs));
            if (decided.Cause == EndCause.SignalLost)
                Unknown++;
        }

        public void Commit(Journal pending)
        {
            Entries.AddRange(pending.Entries);
            Began.AddRange(pending.Began);
            Unknown += pending.Unknown;
        }
    }
}
