using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <summary>What follows from a patient's newest values: NEWS2, shock index, mean and pulse pressure, as of the newest observation. An arterial line goes before a cuff, the ECG's rate before the oximeter's, while they are fresh.</summary>
public static class ClinicalScores
{
    private static readonly News2Ages s_ages = News2Ages.Monitored;

    /// <summary>NEWS2.</summary>
    /// <param name="state">The patient.</param>
    /// <param name="systolic">Which signal the systolic pressure is from.</param>
    /// <param name="pulse">Which signal the pulse is from.</param>
    public static News2Result EarlyWarning(PatientState state, out SignalCode systolic, out SignalCode pulse)
    {
        ArgumentNullException.ThrowIfNull(state);
        ClinicalOrders? orders = state.Orders;
        return News2.Compute(
            new News2Inputs
            {
                RespiratoryRate = Newest(state, SignalCode.RespiratoryRate),
                OxygenSaturation = Newest(state, SignalCode.SpO2),
                Oxygen = orders?.Oxygen,
                SystolicPressure = Systolic(state, out systolic),
                Pulse = Rate(state, out pulse),
                Consciousness = orders?.Consciousness,
                Temperature = Newest(state, SignalCode.CoreTemperature),
                IsScale2 = orders?.IsScale2 ?? false,
                AgeClass = AgeOf(state),
                IsPregnant = orders?.Pregnant ?? false,
            },
            s_ages,
            state.NewestMs);
    }

    /// <summary>The shock index as a condition of an alarm. Its limits are those of adults: under 16 years a rate above the pressure is usual, and the condition is absent.</summary>
    /// <param name="state">The patient.</param>
    public static Assessment ShockIndexAlarm(PatientState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (AgeOf(state) is not (AgeClass.Adult or AgeClass.Unknown))
            return Assessment.Of(ConditionId.ShockIndex, Presence.Absent);
        Timed<double>? rate = Rate(state, out _), pressure = Systolic(state, out SignalCode systolic);
        return ScoreAlarms.ShockIndex(ShockIndex(state), rate?.Value ?? double.NaN, systolic, pressure?.Value ?? double.NaN);
    }

    /// <summary>Heart rate over systolic pressure; null without fresh values of both.</summary>
    /// <param name="state">The patient.</param>
    public static DerivedFigure? ShockIndex(PatientState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // A rate may be no older than a monitor's; the pressure may be as old as a cuff's.
        return Rate(state, out _) is { } rate && rate.AgeAt(state.NewestMs) <= s_ages.Of(News2Parameter.Pulse)
            ? Haemodynamics.ShockIndex(rate, Systolic(state, out _), state.NewestMs, s_ages.Of(News2Parameter.SystolicPressure))
            : null;
    }

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

    private static AgeClass AgeOf(PatientState state) => state.Orders?.AgeClassAt(Math.Max(0, state.NewestMs)) ?? AgeClass.Unknown;

    /// <summary>The rate that a device told, else that of the ECG, else the oximeter's.</summary>
    private static Timed<double>? Rate(PatientState state, out SignalCode code)
    {
        int age = s_ages.Of(News2Parameter.Pulse);
        Timed<double>? ecg = state.Waveforms is { HeartRate: { } beats } waveforms ? new(beats, waveforms.DoneMs) : null;
        Timed<double>? heart = FreshSource.Choose(Newest(state, SignalCode.HeartRate), ecg, state.NewestMs, age);
        Timed<double>? rate = FreshSource.Choose(heart, Newest(state, SignalCode.PulseRate), state.NewestMs, age);
        code = heart is not null && rate == heart ? SignalCode.HeartRate : SignalCode.PulseRate;
        return rate;
    }

    private static Timed<double>? Systolic(PatientState state, out SignalCode code)
    {
        Timed<double>? line = Newest(state, SignalCode.ArterialSystolic);
        Timed<double>? pressure = FreshSource.Choose(line, Newest(state, SignalCode.CuffSystolic), state.NewestMs, s_ages.Of(News2Parameter.SystolicPressure));
        code = line is not null && pressure == line ? SignalCode.ArterialSystolic : SignalCode.CuffSystolic;
        return pressure;
    }

    private static Timed<double>? Newest(PatientState state, SignalCode code) =>
        state.Windows[(int)code] is { SampleCount: > 0 } windows ? new(SignalCodes.ToValue(code, windows.NewestSteps), windows.NewestMs) : null;
}
