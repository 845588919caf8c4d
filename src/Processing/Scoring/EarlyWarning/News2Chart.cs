using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Scoring.EarlyWarning;

/// <summary>
/// The points of single parameters. Source: Royal College of Physicians, National Early Warning Score (NEWS) 2: Standardising the assessment of acute-illness severity in the NHS,
/// London 2017, chart 1 (the NEWS scoring system).
/// </summary>
/// <remarks>
/// The chart's steps are whole numbers, and tenths of a degree. Values are brought to them first, half a step upwards: 91.5 % is 92 %, 38.05 degrees are 38.1. Values come in tenths
/// (temperature in hundredths), and are rounded as whole numbers of those, so that no machine rounds otherwise.
/// </remarks>
public static class News2Chart
{
    /// <summary>Brings a value to whole numbers, half upwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or beyond what any signal can be.</exception>
    public static int RoundWhole(double value) => FloorDivide(Count(value, 10) + 5, 10);

    /// <summary>Brings a temperature to tenths, half upwards; returns the number of tenths.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or beyond what any signal can be.</exception>
    public static int RoundTenths(double value) => FloorDivide(Count(value, 100) + 5, 10);

    /// <summary>Respiration rate per minute: 8 and less 3; 9 to 11 1; 12 to 20 0; 21 to 24 2; 25 and more 3.</summary>
    public static int RespiratoryRate(int perMinute) => perMinute switch
    {
        <= 8 => 3,
        <= 11 => 1,
        <= 20 => 0,
        <= 24 => 2,
        _ => 3,
    };

    /// <summary>Oxygen saturation in percent, scale 1: 91 and less 3; 92 to 93 2; 94 to 95 1; 96 and more 0.</summary>
    public static int OxygenSaturationScale1(int percent) => percent switch
    {
        <= 91 => 3,
        <= 93 => 2,
        <= 95 => 1,
        _ => 0,
    };

    /// <summary>
    /// Oxygen saturation in percent, scale 2: 83 and less 3; 84 to 85 2; 86 to 87 1; 88 to 92 0; from 93 on air 0, on oxygen 93 to 94 1, 95 to 96 2, 97 and more 3.
    /// </summary>
    /// <returns>The points; -1 when they depend on air or oxygen and that is not known.</returns>
    public static int OxygenSaturationScale2(int percent, OxygenStatus oxygen) => percent switch
    {
        <= 83 => 3,
        <= 85 => 2,
        <= 87 => 1,
        <= 92 => 0,
        _ when oxygen == OxygenStatus.Unknown => -1,
        _ when oxygen == OxygenStatus.Air => 0,
        <= 94 => 1,
        <= 96 => 2,
        _ => 3,
    };

    /// <summary>Air 0, oxygen 2.</summary>
    public static int SupplementalOxygen(OxygenStatus oxygen) => oxygen == OxygenStatus.Oxygen ? 2 : 0;

    /// <summary>Systolic pressure in mm[Hg]: 90 and less 3; 91 to 100 2; 101 to 110 1; 111 to 219 0; 220 and more 3.</summary>
    public static int SystolicPressure(int millimetres) => millimetres switch
    {
        <= 90 => 3,
        <= 100 => 2,
        <= 110 => 1,
        <= 219 => 0,
        _ => 3,
    };

    /// <summary>Pulse per minute: 40 and less 3; 41 to 50 1; 51 to 90 0; 91 to 110 1; 111 to 130 2; 131 and more 3.</summary>
    public static int Pulse(int perMinute) => perMinute switch
    {
        <= 40 => 3,
        <= 50 => 1,
        <= 90 => 0,
        <= 110 => 1,
        <= 130 => 2,
        _ => 3,
    };

    /// <summary>Consciousness: alert 0; new confusion, voice, pain, unresponsive 3.</summary>
    public static int ConsciousnessLevel(Consciousness level) => level == Consciousness.Alert ? 0 : 3;

    /// <summary>Temperature in tenths of a degree Celsius: 35.0 and less 3; 35.1 to 36.0 1; 36.1 to 38.0 0; 38.1 to 39.0 1; 39.1 and more 2.</summary>
    public static int Temperature(int tenths) => tenths switch
    {
        <= 350 => 3,
        <= 360 => 1,
        <= 380 => 0,
        <= 390 => 1,
        _ => 2,
    };

    private static int Count(double value, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(double.IsFinite(value), false, nameof(value));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(value), 10_000, nameof(value));
        return (int)Math.Round(value * steps, MidpointRounding.ToEven);
    }

    private static int FloorDivide(int count, int by) => count >= 0 ? count / by : -((-count + by - 1) / by);
}
