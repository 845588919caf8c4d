namespace PhysioActors.Processing.Signals;

/// <summary>What a filter did with a reading. The numbers are written to the journal: never reuse one.</summary>
public enum FilterOutcome : byte
{
    /// <summary>The first reading, or one after so many rejections that do not agree with each other that rejecting goes on no longer: the level is its value.</summary>
    Initialised = 1,

    /// <summary>The reading agrees with the prediction and was blended into the level.</summary>
    Accepted = 2,

    /// <summary>The reading lies outside the gate; the level stands and the reading is marked as an artefact.</summary>
    Rejected = 3,

    /// <summary>The third reading in a row outside the gate, on the same side and agreeing with the two before: a real shift; the level is their mean.</summary>
    ShiftAccepted = 4,

    /// <summary>The first reading after a gap that is long against the signal's own interval: the level starts afresh.</summary>
    Reinitialised = 5,
}
