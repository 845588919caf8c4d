namespace PhysioActors.Processing.Weight;

/// <summary>What became of a weighing. The numbers are written to journals: never reuse one.</summary>
public enum WeightOutcome : byte
{
    /// <summary>Too few weighings to begin with: kept until there are enough that agree.</summary>
    Queued = 1,

    /// <summary>The first after a long gap: the course before it is closed, and a new one waits for enough weighings.</summary>
    QueuedAfterGap = 2,

    /// <summary>With it there were enough that agree: the course begins.</summary>
    Initialised = 3,

    /// <summary>Agrees with the course and was blended into it.</summary>
    Accepted = 4,

    /// <summary>Disagrees; the course stands. The reason says why.</summary>
    Rejected = 5,

    /// <summary>Disagrees as those rejected before it did, and they agree with each other: the person's weight has shifted, and the course with it.</summary>
    ShiftAccepted = 6,

    /// <summary>Disagrees, but somebody stands for it: the course begins again from it.</summary>
    ConfirmedAccepted = 7,

    /// <summary>The same weighing once more: nothing changed.</summary>
    Repeated = 8,

    /// <summary>Older than all weighings that are still kept one by one: nothing changed.</summary>
    TooLate = 9,
}

/// <summary>What outcomes mean.</summary>
public static class WeightOutcomes
{
    /// <summary>True when a weighing with this outcome is part of the course.</summary>
    public static bool IsAccepted(WeightOutcome outcome) =>
        outcome is WeightOutcome.Initialised or WeightOutcome.Accepted or WeightOutcome.ShiftAccepted or WeightOutcome.ConfirmedAccepted;
}

/// <summary>Why a weighing was not accepted. The numbers are written to journals: never reuse one.</summary>
public enum WeightReason : byte
{
    /// <summary>It was accepted, or is still waiting.</summary>
    None = 0,

    /// <summary>2.2046 times what was expected: pounds, entered as kilograms.</summary>
    PoundsAsKilograms = 1,

    /// <summary>What was expected divided by 2.2046: kilograms, taken for pounds.</summary>
    KilogramsAsPounds = 2,

    /// <summary>Two neighbouring digits changed places, or the decimal point slipped by one: put right, it is what was expected.</summary>
    DigitSwap = 3,

    /// <summary>A person's weight, but not this person's: more than a tenth off, or like one before between which and this one this person weighed.</summary>
    OtherPerson = 4,

    /// <summary>More than the course explains, and no error that is known explains it. It may be the weight itself that has changed.</summary>
    Implausible = 5,

    /// <summary>Older than all weighings that are still kept one by one.</summary>
    TooLate = 6,

    /// <summary>Two neighbouring digits may have changed places, or the weight itself may have changed: nothing in this weighing tells which.</summary>
    DigitSwapOrShift = 7,

    /// <summary>Somebody else may have stood on the scale, or the weight itself may have changed, as fluid changes it: nothing in this weighing tells which.</summary>
    OtherPersonOrShift = 8,
}
