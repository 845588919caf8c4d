using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>The fields of a reading, in the order in which their problems are told.</summary>
internal enum ReadingField : byte
{
    /// <summary>The reading as a whole, or a field that this version does not know.</summary>
    None,
    Code,
    Value,
    Unit,
    Time,
    Quality,
    Source,
    Absent,
}

/// <summary>What a reading's <c>value</c> turned out to be.</summary>
internal enum ValueState : byte
{
    /// <summary>Not given.</summary>
    None,
    Number,

    /// <summary>Infinite, or a word for no number.</summary>
    NotFinite,
}

/// <summary>Why a reading is refused, kept small: the sentence for people is only made when the whole observation is refused for it.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Field">Which of its fields.</param>
/// <param name="Start">Where the field's text begins in the message; 0 when there is nothing to show.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct ReadingProblem(RefusalReason Reason, ReadingField Field, int Start = 0, int Length = 0);

/// <summary>The fields of one reading as they were found, in whatever order they came.</summary>
internal ref struct ReadingFields
{
    public SignalCode Code;
    public ValueState ValueState;
    public double Value;
    public ReadOnlySpan<byte> Unit;
    public long TimeMs;
    public ReadingQuality Quality;
    public ReadingSource Source;
    public bool IsAbsent;
    public bool HasCode;
    public bool HasQuality;
    public ReadingProblem Problem;
    public int ValueStart;
    public int ValueLength;
    public int UnitStart;

    /// <summary>Stands for the observation's own time, which may come later in the message.</summary>
    public const long ObservationTime = long.MinValue;

    /// <summary>Notes a problem; of several the one of the first field in the order of <see cref="ReadingField"/> is kept, so that the order in the message does not count.</summary>
    public void Note(RefusalReason reason, ReadingField field, int start = 0, int length = 0)
    {
        if (Problem.Reason == RefusalReason.None || field < Problem.Field)
            Problem = new(reason, field, start, length);
    }

    /// <summary>Notes why there is no value. The words that are also qualities are taken as such.</summary>
    public void SetAbsent(ReadOnlySpan<byte> reason)
    {
        IsAbsent = true;
        if (!HasQuality && ReadingWords.TryFindQuality(reason, out ReadingQuality quality) && quality > ReadingQuality.Questionable)
            Quality = quality;
    }

    /// <summary>Judges the fields together: a good reading, or the problem.</summary>
    public readonly ReadingProblem Judge(out Reading reading)
    {
        reading = default;
        if (!HasCode && (Problem.Reason == RefusalReason.None || Problem.Field > ReadingField.Code))
            return new(RefusalReason.Missing, ReadingField.Code);
        if (Problem.Reason != RefusalReason.None)
            return Problem;
        if (IsAbsent && ValueState != ValueState.None)
            return new(RefusalReason.WrongType, ReadingField.Absent);

        bool isUsable = Quality <= ReadingQuality.Questionable;
        ushort steps = 0;
        bool hasValue = false;
        if (!IsAbsent && !(ValueState == ValueState.None && !isUsable))
        {
            if (ValueState == ValueState.None)
                return new(RefusalReason.Missing, ReadingField.Value);
            if (!SignalUnits.TryConvert(Code, Unit, Value, out double converted))
                return new(RefusalReason.UnknownUnit, ReadingField.Unit, UnitStart, Unit.Length);
            hasValue = ValueState == ValueState.Number && SignalCodes.Quantise(Code, converted, out steps);

            // What a sensor shows that is off the patient may be anything; the statement that it is off stays good.
            if (!hasValue && isUsable)
                return new(ValueState == ValueState.NotFinite ? RefusalReason.NotFinite : RefusalReason.Impossible, ReadingField.Value, ValueStart, ValueLength);
        }

        reading = new(Code, hasValue, steps, TimeMs, Quality, Source);
        return default;
    }
}
