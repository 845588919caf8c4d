using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Signals;

/// <summary>
/// The filter constants of logic version 1, per code, source and quality. They are part of the logic: changing one is a new logic version.
/// </summary>
/// <remarks>
/// <para>
/// Measurement noise is the scatter of single readings of a bedside monitor about a steady patient, not the device's systematic error. It is chosen below the
/// accuracy limits that the device standards allow, because those include the error that is constant for a patient:
/// heart and pulse rate sd 2/min (IEC 60601-2-27 allows 10 % or 5/min); SpO2 sd 1 % (ISO 80601-2-61 allows 4 % root mean square);
/// respiratory rate sd 1.5/min; arterial and pulmonary pressures sd 2 mmHg, their systolic 3 (IEC 60601-2-34 allows 4 mmHg or 4 %);
/// cuffs sd 5 mmHg (ISO 81060-2 allows a standard deviation of 8); core temperature sd 0.1 °C, skin 0.3 °C (ISO 80601-2-56 allows 0.3 °C);
/// end-tidal CO2 sd 2 mmHg (ISO 80601-2-55 allows 2 mmHg plus 8 %); FiO2 sd 1 %; weight sd 0.2 kg (clothes, lines, time of day).
/// </para>
/// <para>
/// Process noise is set so that a random walk of that speed spreads as far as the signal of a stable patient wanders: heart rate about 6/min in 5 minutes,
/// pressures about 8 mmHg (pulmonary 4), SpO2 about 1.5 %, respiratory rate about 3/min, EtCO2 about 4 mmHg; core temperature about 0.2 °C in an hour; weight about
/// 0.5 kg in a day. The lower bound keeps at least a slow drift visible, the upper bound follows about one standard deviation of measurement noise a second.
/// </para>
/// <para>
/// A questionable reading has 4 times the variance (twice the scatter). A wearable has 4 times (motion), a value entered by hand 2.25 times (short counting, rounded
/// digits), a spot check 1.5 times (no settling time).
/// </para>
/// </remarks>
public static class FilterTable
{
    private const int Sources = 6;
    private const int Qualities = 2;
    private const double QuestionableFactor = 4;

    private static readonly FilterParameters[] Entries = Build();

    /// <summary>The constants for a reading.</summary>
    /// <param name="code">What was measured.</param>
    /// <param name="source">How it was obtained.</param>
    /// <param name="quality">Ok or questionable; readings of any other quality are not filtered.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code, the source or the quality has no entry.</exception>
    public static ref readonly FilterParameters For(SignalCode code, ReadingSource source, ReadingQuality quality)
    {
        if (code == SignalCode.None || (uint)code >= SignalCodes.Count)
            throw new ArgumentOutOfRangeException(nameof(code), code, "This code has no filter constants.");
        if ((uint)source >= Sources)
            throw new ArgumentOutOfRangeException(nameof(source), source, "This source has no filter constants.");
        if ((uint)quality >= Qualities)
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "A reading of this quality is not filtered; check Reading.IsUsable first.");
        return ref Entries[((((int)code * Sources) + (int)source) * Qualities) + (int)quality];
    }

    private static FilterParameters[] Build()
    {
        var entries = new FilterParameters[SignalCodes.Count * Sources * Qualities];
        for (int code = 1; code < SignalCodes.Count; code++)
        {
            FilterParameters monitor = OfMonitor((SignalCode)code);
            for (int source = 0; source < Sources; source++)
            {
                double variance = monitor.MeasurementVariance * SourceFactor((ReadingSource)source);
                int at = ((code * Sources) + source) * Qualities;
                entries[at + (int)ReadingQuality.Ok] = monitor with { MeasurementVariance = variance };
                entries[at + (int)ReadingQuality.Questionable] = monitor with { MeasurementVariance = variance * QuestionableFactor };
            }
        }

        return entries;
    }

    private static double SourceFactor(ReadingSource source) => source switch
    {
        ReadingSource.Wearable => 4,
        ReadingSource.Manual => 2.25,
        ReadingSource.SpotCheck => 1.5,
        _ => 1,
    };

    private static FilterParameters OfMonitor(SignalCode code) => code switch
    {
        SignalCode.HeartRate or SignalCode.PulseRate => new(4, 0.1, 0.005, 4),
        SignalCode.SpO2 => new(1, 0.01, 0.0005, 1),
        SignalCode.RespiratoryRate => new(2.25, 0.03, 0.002, 2),
        SignalCode.ArterialSystolic => new(9, 0.2, 0.01, 9),
        SignalCode.ArterialDiastolic or SignalCode.ArterialMean => new(4, 0.2, 0.01, 4),
        SignalCode.CuffSystolic or SignalCode.CuffDiastolic or SignalCode.CuffMean => new(25, 0.2, 0.01, 9),
        SignalCode.PulmonarySystolic => new(9, 0.05, 0.0025, 9),
        SignalCode.PulmonaryDiastolic or SignalCode.PulmonaryMean => new(4, 0.05, 0.0025, 4),
        SignalCode.CoreTemperature => new(0.01, 1.1e-5, 1e-6, 1e-3),
        SignalCode.SkinTemperature => new(0.09, 3e-4, 1e-5, 1e-2),
        SignalCode.EtCO2 => new(4, 0.05, 0.0025, 4),
        SignalCode.FiO2 => new(1, 0.01, 0.0005, 1),
        SignalCode.Weight => new(0.04, 2.9e-6, 3e-7, 5e-5),
        _ => throw new InvalidOperationException($"{code} is a known code without filter constants: add its line to the table."),
    };
}
