namespace PhysioActors.Shared.Observations;

/// <summary>Why a record, or a reading or waveform in it, was refused. The numbers are written to the journal; the texts are part of the contract.</summary>
public enum RefusalReason : byte
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The value is not JSON (or not protobuf), or not an object.</summary>
    Malformed = 1,

    /// <summary>Bytes that are not UTF-8.</summary>
    InvalidUtf8 = 2,

    /// <summary>The value is larger than 256 KiB.</summary>
    TooLarge = 3,

    /// <summary>A field that must be there is not.</summary>
    Missing = 4,

    /// <summary>A field has another type or form than the contract says.</summary>
    WrongType = 5,

    /// <summary>An id is longer than 128 bytes, empty, or has control characters.</summary>
    InvalidId = 6,

    /// <summary>The record has no key, or a key that is not its patient's.</summary>
    WrongKey = 7,

    /// <summary>The record lies in a partition that its key does not belong to.</summary>
    WrongPartition = 8,

    /// <summary>A time before 1970, unreadable, or more than 5 minutes after the record's own Kafka timestamp.</summary>
    InvalidTime = 9,

    /// <summary>None of the readings and waveforms is good.</summary>
    NoGoodReading = 10,

    /// <summary>A code that this version does not know.</summary>
    UnknownCode = 11,

    /// <summary>A unit that the code cannot be converted from.</summary>
    UnknownUnit = 12,

    /// <summary>A value outside the physically possible range of its code.</summary>
    Impossible = 13,

    /// <summary>A value that is not a finite number.</summary>
    NotFinite = 14,

    /// <summary>A header <c>type</c> or <c>content-type</c>, a version or a command that this version does not know.</summary>
    Unsupported = 15,

    /// <summary>A sequence number that the same device session already used for other content.</summary>
    SequenceReused = 16,

    /// <summary>The actor failed on it twice.</summary>
    HandlingFailed = 17,

    /// <summary>More readings, waveforms, devices or other parts than the contract allows.</summary>
    TooMany = 18,

    /// <summary>A waveform's signal that this version does not know.</summary>
    UnknownSignal = 19,

    /// <summary>A sampling rate outside 50 to 1000 Hz.</summary>
    InvalidRate = 20,

    /// <summary>A gain that is no number within <see cref="WaveformBounds.MinimumGain"/> and <see cref="WaveformBounds.MaximumGain"/>.</summary>
    InvalidGain = 21,

    /// <summary>A baseline that is no whole number within ±<see cref="WaveformBounds.MaximumBaseline"/>.</summary>
    InvalidBaseline = 22,

    /// <summary>A waveform without a sample.</summary>
    NoSamples = 23,

    /// <summary>A waveform of more than 10 s.</summary>
    TooManySamples = 24,

    /// <summary>A sample that is no whole number of 16 bits, or half a sample at the end of the bytes.</summary>
    InvalidSamples = 25,

    /// <summary>A command without a message authentication code, or with one that is not right, in a cluster that has a key for commands.</summary>
    Unauthenticated = 26,
}

/// <summary>A refusal with the field that caused it, as in <c>readings[2].unit</c>, and a sentence for people.</summary>
/// <param name="Reason">The kind.</param>
/// <param name="Field">The path of the field; the empty text for the record as a whole.</param>
/// <param name="Detail">What was wrong and what would be right.</param>
public sealed record Refusal(RefusalReason Reason, string Field, string Detail);
