namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>A rhythm that a monitor alarms on.</summary>
public enum RhythmCondition : byte
{
    /// <summary>No heartbeat for 4 s.</summary>
    Asystole,

    /// <summary>Five beats in a row below the extreme limit (adults: 40 a minute).</summary>
    ExtremeBradycardia,

    /// <summary>Seventeen beats in a row above the extreme limit (adults: 140 a minute).</summary>
    ExtremeTachycardia,

    /// <summary>Five or more ventricular beats in a row, faster than 100 a minute.</summary>
    VentricularTachycardia,

    /// <summary>A fluttering or fibrillating waveform for 4 s.</summary>
    VentricularFibrillation,

    /// <summary>RR intervals without any order, as the atria fibrillate.</summary>
    AtrialFibrillation,
}
