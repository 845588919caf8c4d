using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Anomalies;

/// <summary>The seven physiological parameters of NEWS2, in the order of the chart. The numbers are written to the journal.</summary>
public enum News2Parameter : byte
{
    /// <summary>Respiration rate, per minute.</summary>
    RespiratoryRate = 0,

    /// <summary>Oxygen saturation, percent, on scale 1 or 2.</summary>
    OxygenSaturation = 1,

    /// <summary>Air or supplemental oxygen.</summary>
    SupplementalOxygen = 2,

    /// <summary>Systolic blood pressure, mm[Hg].</summary>
    SystolicPressure = 3,

    /// <summary>Pulse, per minute.</summary>
    Pulse = 4,

    /// <summary>Consciousness, ACVPU.</summary>
    Consciousness = 5,

    /// <summary>Temperature, degrees Celsius.</summary>
    Temperature = 6,
}

/// <summary>What became of a parameter. The numbers are written to the journal.</summary>
public enum News2Standing : byte
{
    /// <summary>There is no value, or none from which points follow.</summary>
    Missing = 0,

    /// <summary>There is a value, but it is too old.</summary>
    Stale = 1,

    /// <summary>It has points.</summary>
    Scored = 2,
}

/// <summary>One parameter of a score of NEWS2, as a message tells it.</summary>
/// <param name="Parameter">Which.</param>
/// <param name="Standing">Whether it has points.</param>
/// <param name="Points">0 to 3; 0 unless <see cref="News2Standing.Scored"/>, where it means nothing else.</param>
/// <param name="Code">The signal that the value is from; <see cref="SignalCode.None"/> for oxygen and consciousness, which no device measures, and where there is no value.</param>
/// <param name="Value">
/// The value on the chart's steps, in the code's unit; of oxygen the number of the <see cref="OxygenStatus"/>, of consciousness that of the <see cref="Consciousness"/>. Null when there is none. A parameter that is missing can have
/// one: a saturation on scale 2 from 93 % on, while it is not known what the patient breathes.
/// </param>
/// <param name="TimeMs">Event time of the value, milliseconds since 1970 UTC; null when there is no value, and only then.</param>
public readonly record struct News2DetailPart(News2Parameter Parameter, News2Standing Standing, int Points, SignalCode Code, double? Value, long? TimeMs)
{
    /// <summary>The value as a word of commands, as <c>oxygen</c> or <c>confusion</c>; null for a parameter that is measured, and when there is no value.</summary>
    public string? Word => (Parameter, Value) switch
    {
        (News2Parameter.SupplementalOxygen, { } status) => CommandWords.Text((OxygenStatus)(int)status),
        (News2Parameter.Consciousness, { } level) => CommandWords.Text((Consciousness)(int)level),
        _ => null,
    };
}

/// <summary>What a score of NEWS2 is made of. Of the seven parameters each stands in it once.</summary>
/// <param name="SpO2Scale">The scale of oxygen saturation, 1 or 2.</param>
/// <param name="Parts">The parameters in the order of the chart.</param>
public sealed record News2Detail(int SpO2Scale, IReadOnlyList<News2DetailPart> Parts)
{
    /// <summary>How many parameters there are.</summary>
    public const int ParameterCount = 7;

    /// <summary>True when a parameter has no points, so that the score is at least what it says.</summary>
    public bool IsLowerBound => Parts.Any(part => part.Standing != News2Standing.Scored);

    /// <summary>The parameters that stand so, in the order of the chart.</summary>
    public IEnumerable<News2Parameter> Standing(News2Standing standing) => Parts.Where(part => part.Standing == standing).Select(part => part.Parameter);
}
