namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>What became of a condition.</summary>
public enum RhythmChangeKind : byte
{
    /// <summary>It is there now.</summary>
    Began,

    /// <summary>It is there no longer.</summary>
    Ended,

    /// <summary>The ECG alone would have said that it is there, and something else spoke against it. Told once an episode.</summary>
    Suppressed,

    /// <summary>It was there, and the ECG in which it was seen goes on no longer: after a gap, with other leads, or by a clock that was set back, it has to be seen anew.</summary>
    Unseen,
}

/// <summary>What spoke against a condition.</summary>
public enum Veto : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Good pulse waves in a photoplethysmogram.</summary>
    Plethysmogram,

    /// <summary>Good pulse waves in an arterial pressure.</summary>
    ArterialPressure,

    /// <summary>No lead shows enough of the heart to say so: lead off, saturated, noise. That is a technical alarm, and not this one.</summary>
    EcgQuality,
}

/// <summary>A condition began, ended, or was suppressed.</summary>
/// <param name="Condition">Which.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="TimeMs">When that was decided, in the time of the data, milliseconds; the end of a second counted from the first sample.</param>
/// <param name="SinceMs">When what speaks for it began, milliseconds.</param>
/// <param name="Veto">What spoke against it; <see cref="Veto.None"/> unless it was suppressed.</param>
/// <param name="Evidence">What was seen.</param>
public readonly record struct RhythmChange(RhythmCondition Condition, RhythmChangeKind Kind, long TimeMs, long SinceMs, Veto Veto, RhythmEvidence Evidence);

/// <summary>What was seen when a condition was decided.</summary>
/// <param name="Beats">Beats of the ECG within the evidence.</param>
/// <param name="BeatsPerMinute">Their rate; NaN with fewer than two beats.</param>
/// <param name="PulseBeats">Good pulse waves within the same time, in the signal that shows most.</param>
/// <param name="PulsePerMinute">Their rate; NaN with fewer than two waves.</param>
public readonly record struct RhythmEvidence(int Beats, double BeatsPerMinute, int PulseBeats, double PulsePerMinute);
