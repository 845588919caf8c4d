namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>What kind of heartbeat it was.</summary>
public enum BeatClass : byte
{
    /// <summary>As the patient's usual beats are.</summary>
    Normal,

    /// <summary>It began in the ventricles.</summary>
    Ventricular,

    /// <summary>Neither can be said, as when the signal is poor or nothing is known of the patient yet.</summary>
    Other,
}
