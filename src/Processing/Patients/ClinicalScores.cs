using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <summary>What follows from a patient's newest values: NEWS2, shock index, mean and pulse pressure, as of a time. An arterial line goes before a cuff, the ECG's rate before the oximeter's, while they are fresh.</summary>
public static class ClinicalScores
{
    private static readonly News2Ages s_ages = News2Ages.Monitored;

    /// <summary>True for a signal that a score is made of.</summary>
    /// <param name="code">The signal.</param>
    public static bool IsMadeOf(SignalCode code) => code is SignalCode.RespiratoryRate or SignalCode.SpO2 or SignalCode.ArterialSystolic or SignalCode.CuffSystolic
        or SignalCode.HeartRate or SignalCode.PulseRate or SignalCode.CoreTemperature;

    /// <summary>The rate of the ECG; null when there is none.</summary>
    /// <param name="state">The patient.</param>
    public static Timed<double>? EcgRate(PatientState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Waveforms is { HeartRate: { } beats } waveforms ? new(beats, waveforms.DoneMs + state.EcgShiftMs) : null;
    }

    /// <summary>Chooses the rate and the pressure that scores are made of, once for all of them.</summary>
    /// <param name="state">The patient.</param>
    /// <param name="nowMs">Event time from which ages are reckoned.</param>
    /// <param name="ecgRate">The rate of the ECG, for when no device tells one.</param>
    public static ScoreSources Choose(PatientState state, long nowMs, Timed<double>? ecgRate)
    {
        ArgumentNullException.ThrowIfNull(state);
        Timed<double>? rate = Rate(state, nowMs, ecgRate, out SignalCode rateCode);
        Timed<double>? systolic = Systolic(state, nowMs, out SignalCode systolicCode);
        return new(nowMs, rate, rateCode, systolic, systolicCode);
    }

    /// <summary>NEWS2 as of the newest observation.</summary>
    /// <param name="state">The patient.</param>
    public static News2Result EarlyWarning(PatientState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return EarlyWarning(state, Choose(state, state.NewestMs, EcgRate(state)));
    }

    /// <summary>NEWS2.</summary>
    /// <param name="state">The patient.</param>
    /// <param name="sources">The rate and the pressure, chosen from the same patient.</param>
    public static News2Result EarlyWarning(PatientState state, in ScoreSources sources)
    {
        ArgumentNullException.ThrowIfNull(state);
        ClinicalOrders? orders = state.Orders;
        return News2.Compute(
            new News2Inputs
            {
                RespiratoryRate = Newest(state, SignalCode.RespiratoryRate),
                OxygenSaturation = Newest(state, SignalCode.SpO2),
                Oxygen = orders?.Oxygen,
                SystolicPressure = sources.Systolic,
                Pulse = sources.Rate,
                Consciousness = orders?.Consciousness,
                Temperature = Newest(state, SignalCode.CoreTemperature),
                IsScale2 = orders?.IsScale2 ?? false,
                AgeClass = AgeOf(state, sources.NowMs),
                IsPregnant = orders?.Pregnant ?? false,
            },
            s_ages,
            sources.NowMs);
    }

    /// <summary>The shock index as a condition of an alarm. Its limits are those of adults: under 16 years a rate above the pressure is usual, and the condition is absent.</summary>
    /// <param name="state">The patient.</param>
    /// <param name="sources">The rate and the pressure, chosen from the same patient.</param>
    public static Assessment ShockIndexAlarm(PatientState state, in ScoreSources sources)
    {
        ArgumentNullException.ThrowIfNull(state);
        AgeClass age = AgeOf(state, sources.NowMs);
        if (age is not (AgeClass.Adult or AgeClass.Unknown))
            return Assessment.Of(ConditionId.ShockIndex, Presence.Absent) with { Ends = EndCause.TooYoung };
        Assessment assessment = ScoreAlarms.ShockIndex(
            ShockIndex(sources), sources.RateCode, sources.Rate?.Value ?? double.NaN, sources.SystolicCode, sources.Systolic?.Value ?? double.NaN);
        return assessment.Presence == Presence.Present ? assessment with { Basis = new(LimitOrigin.None, age) } : assessment;
    }

    /// <summary>Heart rate over systolic pressure as of the newest observation; null without fresh values of both.</summary>
    /// <param name="state">The patient.</param>
    public static DerivedFigure? ShockIndex(PatientState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return ShockIndex(Choose(state, state.NewestMs, EcgRate(state)));
    }

    // A rate may be no older than a monitor's; the pressure may be as old as a cuff's.
    private static DerivedFigure? ShockIndex(in ScoreSources sources) =>
        sources.Rate is { } rate && rate.AgeAt(sources.NowMs) <= s_ages.Of(News2Parameter.Pulse)
            ? Haemodynamics.ShockIndex(rate, sources.Systolic, sources.NowMs, s_ages.Of(News2Parameter.SystolicPressure))
            : null;

    /// <summary>Mean arterial pressure, mm[Hg]; null without fresh values.</summary>
    /// <param name="state">The patient.</param>
    public static DerivedFigure? MeanPressure(PatientState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int age = s_ages.Of(News2Parameter.SystolicPressure);
        return Haemodynamics.MeanPressure(
                Newest(state, SignalCode.ArterialMean), Newest(state, SignalCode.ArterialSystolic), Newest(state, SignalCode.ArterialDiastolic), state.NewestMs, age)
            ?? Haemodynamics.MeanPressure(Newest(state, SignalCode.CuffMean), Newest(state, SignalCode.CuffSystolic), Newest(state, SignalCode.CuffDiastolic), state.NewestMs, age);
    }

    /// <summary>Pulse pressure, mm[Hg]; null without fresh values.</summary>
    /// <param name="state">The patient.</param>
    public static DerivedFigure? PulsePressure(PatientState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int age = s_ages.Of(News2Parameter.SystolicPressure);
        return Haemodynamics.PulsePressure(Newest(state, SignalCode.ArterialSystolic), Newest(state, SignalCode.ArterialDiastolic), state.NewestMs, age)
            ?? Haemodynamics.PulsePressure(Newest(state, SignalCode.CuffSystolic), Newest(state, SignalCode.CuffDiastolic), state.NewestMs, age);
    }

    private static AgeClass AgeOf(PatientState state, long nowMs) => state.Orders?.AgeClassAt(Math.Max(0, nowMs)) ?? AgeClass.Unknown;

    /// <summary>The rate that a device told, else that of the ECG, else the oximeter's.</summary>
    private static Timed<double>? Rate(PatientState state, long nowMs, Timed<double>? ecgRate, out SignalCode code)
    {
        int age = s_ages.Of(News2Parameter.Pulse);
        Timed<double>? heart = FreshSource.Choose(Newest(state, SignalCode.HeartRate), ecgRate, nowMs, age);
        Timed<double>? rate = FreshSource.Choose(heart, Newest(state, SignalCode.PulseRate), nowMs, age);
        code = heart is not null && rate == heart ? SignalCode.HeartRate : SignalCode.PulseRate;
        return rate;
    }

    private static Timed<double>? Systolic(PatientState state, long nowMs, out SignalCode code)
    {
        Timed<double>? line = Newest(state, SignalCode.ArterialSystolic);
        Timed<double>? pressure = FreshSource.Choose(line, Newest(state, SignalCode.CuffSystolic), nowMs, s_ages.Of(News2Parameter.SystolicPressure));
        code = line is not null && pressure == line ? SignalCode.ArterialSystolic : SignalCode.CuffSystolic;
        return pressure;
    }

    private static Timed<double>? Newest(PatientState state, SignalCode code) =>
        state.Windows[(int)code] is { SampleCount: > 0 } windows ? new(SignalCodes.ToValue(code, windows.NewestSteps), state.ToldMs(code)) : null;
}
