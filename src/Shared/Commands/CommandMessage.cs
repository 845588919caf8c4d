using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Commands;

/// <summary>What a command asks for. The numbers are those of the protobuf form, and are written to the journal.</summary>
public enum CommandKind : byte
{
    /// <summary>A person has seen an anomaly.</summary>
    Acknowledge = 1,

    /// <summary>No sound for a time; alarms are still shown.</summary>
    AudioPause = 2,

    /// <summary>No sound and no sight of alarms for a time.</summary>
    AlarmPause = 3,

    /// <summary>Ends both pauses.</summary>
    Resume = 4,

    /// <summary>The patient's own limits of a signal.</summary>
    SetLimits = 5,

    /// <summary>Birth date or age class, pregnancy.</summary>
    SetDemographics = 6,

    /// <summary>Which of NEWS2's scales of oxygen saturation counts; scale 2 is a clinician's order.</summary>
    SetSpO2Scale = 7,

    /// <summary>Whether the patient has supplemental oxygen.</summary>
    SetOxygen = 8,

    /// <summary>The level of consciousness, ACVPU.</summary>
    SetConsciousness = 9,

    /// <summary>A person stands for a weight that was rejected.</summary>
    ConfirmWeight = 10,
}

/// <summary>
/// An order of a person or a service to a patient actor. Which of the fields behind the first six a kind has, stands with each of them; the decoder makes sure that those are there.
/// </summary>
/// <param name="Patient">The patient, canonical: <c>namespace:id</c>.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="AnomalyId">The episode that is meant, of <see cref="CommandKind.Acknowledge"/>; the empty text for others.</param>
/// <param name="By">Who asks.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
/// <param name="TimeMs">When it was asked, milliseconds since 1970 UTC.</param>
public sealed record CommandMessage(string Patient, CommandKind Kind, string AnomalyId, string By, string? Reason, long TimeMs)
{
    /// <summary>How long, in seconds, of <see cref="CommandKind.AudioPause"/> and <see cref="CommandKind.AlarmPause"/>; else 0.</summary>
    public int DurationSeconds { get; init; }

    /// <summary>The signal, of <see cref="CommandKind.SetLimits"/>; else <see cref="SignalCode.None"/>.</summary>
    public SignalCode Signal { get; init; }

    /// <summary>The low limit in the signal's unit, of <see cref="CommandKind.SetLimits"/>; null leaves it. All three limits null: the standard ones hold again.</summary>
    public double? Low { get; init; }

    /// <summary>The high limit in the signal's unit, of <see cref="CommandKind.SetLimits"/>; null leaves it.</summary>
    public double? High { get; init; }

    /// <summary>The limit of desaturation in percent, of <see cref="CommandKind.SetLimits"/> for SpO2; null leaves it.</summary>
    public double? Desaturation { get; init; }

    /// <summary>
    /// Of <see cref="CommandKind.SetDemographics"/> the patient's age class; of <see cref="CommandKind.SetLimits"/> the age class that the limits are meant for, so that limits for another patient are noticed.
    /// <see cref="AgeClass.Unknown"/> when it was not said.
    /// </summary>
    public AgeClass AgeClass { get; init; }

    /// <summary>The day of birth, of <see cref="CommandKind.SetDemographics"/>; null when it was not said.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Whether the patient is pregnant, of <see cref="CommandKind.SetDemographics"/>; null when it was not said.</summary>
    public bool? Pregnant { get; init; }

    /// <summary>1 or 2, of <see cref="CommandKind.SetSpO2Scale"/>; else 0.</summary>
    public int SpO2Scale { get; init; }

    /// <summary>What the patient breathes, of <see cref="CommandKind.SetOxygen"/>.</summary>
    public OxygenStatus Oxygen { get; init; }

    /// <summary>The level of consciousness, of <see cref="CommandKind.SetConsciousness"/>.</summary>
    public Consciousness Consciousness { get; init; }

    /// <summary>When the weight was measured, milliseconds since 1970 UTC, of <see cref="CommandKind.ConfirmWeight"/>; null for others.</summary>
    public long? MeasuredAtMs { get; init; }

    /// <summary>The weight as it was measured, in kilograms, of <see cref="CommandKind.ConfirmWeight"/>; null for others.</summary>
    public double? WeightKilograms { get; init; }
}
