namespace PhysioActors.Processing.Scoring.EarlyWarning;

/// <summary>A figure that was computed from others, or measured.</summary>
/// <param name="Value">The figure.</param>
/// <param name="TimeMs">Event time of its oldest input, milliseconds since 1970 UTC.</param>
/// <param name="IsMeasured">True when a device measured it and nothing was computed.</param>
public readonly record struct DerivedFigure(double Value, long TimeMs, bool IsMeasured);

/// <summary>Figures of circulation that follow from others. Pressures in mm[Hg], rates per minute; what cannot be computed is null.</summary>
public static class Haemodynamics
{
    /// <summary>Systolic and diastolic pressure of one measurement are at most this far apart, milliseconds.</summary>
    public const int SameMeasurementMs = 5_000;

    /// <summary>
    /// Mean arterial pressure: the measured one when there is one, else diastolic pressure and a third of the pulse pressure (Gauer 1960; AHA recommendations for blood pressure measurement,
    /// Pickering and others, Hypertension 2005;45:142).
    /// </summary>
    /// <param name="measured">The mean as a device measured it.</param>
    /// <param name="systolic">Systolic pressure of the same place.</param>
    /// <param name="diastolic">Diastolic pressure of the same place.</param>
    /// <param name="nowMs">Event time now.</param>
    /// <param name="maximumAgeMs">An older input counts as missing.</param>
    public static DerivedFigure? MeanPressure(Timed<double>? measured, Timed<double>? systolic, Timed<double>? diastolic, long nowMs, long maximumAgeMs)
    {
        if (measured is { } mean && mean.AgeAt(nowMs) <= maximumAgeMs)
            return new(mean.Value, mean.TimeMs, true);
        return Pair(systolic, diastolic, nowMs, maximumAgeMs) is { } pair ? new(pair.Diastolic + ((pair.Systolic - pair.Diastolic) / 3), pair.TimeMs, false) : null;
    }

    /// <summary>Pulse pressure: systolic less diastolic pressure of one measurement.</summary>
    /// <param name="systolic">Systolic pressure.</param>
    /// <param name="diastolic">Diastolic pressure of the same place.</param>
    /// <param name="nowMs">Event time now.</param>
    /// <param name="maximumAgeMs">An older input counts as missing.</param>
    public static DerivedFigure? PulsePressure(Timed<double>? systolic, Timed<double>? diastolic, long nowMs, long maximumAgeMs) =>
        Pair(systolic, diastolic, nowMs, maximumAgeMs) is { } pair ? new(pair.Systolic - pair.Diastolic, pair.TimeMs, false) : null;

    /// <summary>
    /// Shock index: heart rate over systolic pressure, per minute and mm[Hg] (Allgoewer and Burri, Deutsche Medizinische Wochenschrift 1967;92:1947); 0.5 to 0.7 in healthy adults, from about 0.9 to 1.0
    /// a sign of shock (Rady and others, Annals of Emergency Medicine 1994;24:685).
    /// </summary>
    /// <param name="heartRate">Heart rate.</param>
    /// <param name="systolic">Systolic pressure.</param>
    /// <param name="nowMs">Event time now.</param>
    /// <param name="maximumAgeMs">An older input counts as missing.</param>
    /// <returns>Null without fresh inputs, or when the systolic pressure is not above zero.</returns>
    public static DerivedFigure? ShockIndex(Timed<double>? heartRate, Timed<double>? systolic, long nowMs, long maximumAgeMs)
    {
        if (heartRate is not { } rate || systolic is not { } pressure || pressure.Value <= 0 || rate.AgeAt(nowMs) > maximumAgeMs || pressure.AgeAt(nowMs) > maximumAgeMs)
            return null;
        return new(rate.Value / pressure.Value, Math.Min(rate.TimeMs, pressure.TimeMs), false);
    }

    private static (double Systolic, double Diastolic, long TimeMs)? Pair(Timed<double>? systolic, Timed<double>? diastolic, long nowMs, long maximumAgeMs)
    {
        if (systolic is not { } high || diastolic is not { } low || Math.Abs(high.TimeMs - low.TimeMs) > SameMeasurementMs || high.Value < low.Value)
            return null;
        long older = Math.Min(high.TimeMs, low.TimeMs);
        return nowMs - older > maximumAgeMs ? null : (high.Value, low.Value, older);
    }
}
