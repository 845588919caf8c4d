using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Scoring.EarlyWarning;

/// <summary>The oldest that each input of NEWS2 may be, milliseconds of event time. An older one is stale and scores nothing.</summary>
/// <param name="RespiratoryRateMs">Respiration rate.</param>
/// <param name="OxygenSaturationMs">Oxygen saturation.</param>
/// <param name="SupplementalOxygenMs">Air or oxygen; the chart asks for it with each set of observations.</param>
/// <param name="SystolicPressureMs">Systolic pressure.</param>
/// <param name="PulseMs">Pulse.</param>
/// <param name="ConsciousnessMs">Consciousness.</param>
/// <param name="TemperatureMs">Temperature.</param>
public sealed record News2Ages(
    int RespiratoryRateMs, int OxygenSaturationMs, int SupplementalOxygenMs, int SystolicPressureMs, int PulseMs, int ConsciousnessMs, int TemperatureMs)
{
    private const int Minute = 60_000;
    private const int Hour = 60 * Minute;

    /// <summary>
    /// For a monitored patient: what a monitor measures all the time may be 15 minutes old; a pressure 1 hour (the usual longest interval of a cuff, and the chart's interval at 5 to 6 points);
    /// what a person observes 6 hours (the chart's longest interval at 1 to 4 points: 4 to 6 hours).
    /// </summary>
    public static News2Ages Monitored { get; } = new(15 * Minute, 15 * Minute, 6 * Hour, Hour, 15 * Minute, 6 * Hour, 6 * Hour);

    /// <summary>The oldest that a parameter may be, milliseconds.</summary>
    public int Of(News2Parameter parameter) => parameter switch
    {
        News2Parameter.RespiratoryRate => RespiratoryRateMs,
        News2Parameter.OxygenSaturation => OxygenSaturationMs,
        News2Parameter.SupplementalOxygen => SupplementalOxygenMs,
        News2Parameter.SystolicPressure => SystolicPressureMs,
        News2Parameter.Pulse => PulseMs,
        News2Parameter.Consciousness => ConsciousnessMs,
        _ => TemperatureMs,
    };
}

/// <summary>What NEWS2 is computed from. What is null is missing; nothing has a value that is assumed.</summary>
public readonly record struct News2Inputs
{
    /// <summary>Respiration rate, per minute.</summary>
    public Timed<double>? RespiratoryRate { get; init; }

    /// <summary>Oxygen saturation, percent.</summary>
    public Timed<double>? OxygenSaturation { get; init; }

    /// <summary>Air or oxygen. <see cref="OxygenStatus.Unknown"/> is missing too.</summary>
    public Timed<OxygenStatus>? Oxygen { get; init; }

    /// <summary>Systolic pressure, mm[Hg].</summary>
    public Timed<double>? SystolicPressure { get; init; }

    /// <summary>Pulse, per minute.</summary>
    public Timed<double>? Pulse { get; init; }

    /// <summary>Consciousness. <see cref="Shared.Commands.Consciousness.Unknown"/> is missing too.</summary>
    public Timed<Consciousness>? Consciousness { get; init; }

    /// <summary>Temperature, degrees Celsius.</summary>
    public Timed<double>? Temperature { get; init; }

    /// <summary>True when a clinician ordered scale 2 of oxygen saturation (hypercapnic respiratory failure, target 88 to 92 %); scale 1 otherwise.</summary>
    public bool IsScale2 { get; init; }

    /// <summary>The patient's age; unknown is scored as an adult's, and shown as assumed.</summary>
    public AgeClass AgeClass { get; init; }

    /// <summary>True when the patient is known to be pregnant.</summary>
    public bool IsPregnant { get; init; }
}
