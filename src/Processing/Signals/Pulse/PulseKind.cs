namespace PhysioActors.Processing.Signals.Pulse;

/// <summary>What a pulse signal measures.</summary>
public enum PulseKind : byte
{
    /// <summary>A photoplethysmogram; its unit has no meaning, only its shape has.</summary>
    Plethysmogram,

    /// <summary>Invasive arterial pressure in mmHg.</summary>
    ArterialPressure,
}
