using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>What was done with a reading. The first five are the filter's; the numbers are written to the journal.</summary>
public enum ReadingOutcome : byte
{
    /// <summary>No usable value: absent, sensor off, calibrating or a test. Noted, not filtered.</summary>
    NotUsed = 0,

    /// <inheritdoc cref="FilterOutcome.Initialised"/>
    Initialised = FilterOutcome.Initialised,

    /// <inheritdoc cref="FilterOutcome.Accepted"/>
    Accepted = FilterOutcome.Accepted,

    /// <inheritdoc cref="FilterOutcome.Rejected"/>
    Rejected = FilterOutcome.Rejected,

    /// <inheritdoc cref="FilterOutcome.ShiftAccepted"/>
    ShiftAccepted = FilterOutcome.ShiftAccepted,

    /// <inheritdoc cref="FilterOutcome.Reinitialised"/>
    Reinitialised = FilterOutcome.Reinitialised,

    /// <summary>More than 10 s older than the newest reading of the same device and code.</summary>
    Late = 6,

    /// <summary>The same device said the same code at the same time before: a value that is sent again with every message, as monitors do with cuff pressures.</summary>
    Repeated = 7,

    /// <summary>Another device tells the signal, and this one's clock is more than 10 s from that one's: left out.</summary>
    OtherDevice = 8,

    /// <summary>The device that told the signal is silent, and this one, whose clock is slower, goes on: filter and windows begin anew with this reading.</summary>
    TookOver = 9,
}

/// <summary>A reading with what was decided about it.</summary>
/// <param name="Reading">The reading as decoded.</param>
/// <param name="Outcome">What was done with it.</param>
public readonly record struct FoldedReading(Reading Reading, ReadingOutcome Outcome)
{
    private const byte HasValue = 0x40;
    private const byte HasOrigin = 0x80;

    // The outcomes from 8 on have their highest bit at the code: three bits were left for it at the quality.
    private const byte IsHighOutcome = 0x80;

    /// <summary>True when the value went into the filter as a good one, the windows and the rules.</summary>
    public bool IsAccepted => Outcome is ReadingOutcome.Initialised or ReadingOutcome.Accepted or ReadingOutcome.ShiftAccepted or ReadingOutcome.Reinitialised or ReadingOutcome.TookOver;

    /// <summary>True when it told the signal: it was put to the filter, whatever that made of it.</summary>
    public bool IsTold => IsAccepted || Outcome == ReadingOutcome.Rejected;

    internal void Encode(PayloadWriter writer, long observationMs)
    {
        Reading reading = Reading;
        bool origin = reading.Source != ReadingSource.Unspecified || reading.TimeMs != observationMs;
        writer.Byte((byte)((byte)reading.Code | ((byte)Outcome > 7 ? IsHighOutcome : 0)));
        writer.Byte((byte)(((byte)Outcome & 7) | (byte)reading.Quality << 3 | (reading.HasValue ? HasValue : 0) | (origin ? HasOrigin : 0)));
        if (reading.HasValue)
            writer.Unsigned(reading.Steps);
        if (origin)
        {
            writer.Byte((byte)reading.Source);
            writer.Signed(reading.TimeMs - observationMs);
        }
    }

    internal static FoldedReading Decode(ref PayloadReader reader, long observationMs)
    {
        byte first = reader.Byte();
        var code = (SignalCode)(first & ~IsHighOutcome);
        byte flags = reader.Byte();
        bool hasValue = (flags & HasValue) != 0;
        ushort steps = hasValue ? checked((ushort)reader.Unsigned()) : (ushort)0;
        var source = ReadingSource.Unspecified;
        long timeMs = observationMs;
        if ((flags & HasOrigin) != 0)
        {
            source = (ReadingSource)reader.Byte();
            timeMs = observationMs + reader.Signed();
        }

        if (code is SignalCode.None || (int)code >= SignalCodes.Count)
            throw new InvalidDataException($"A reading has code {(int)code}, which this version does not know.");
        var outcome = (ReadingOutcome)((flags & 7) | ((first & IsHighOutcome) != 0 ? 8 : 0));
        if (outcome > ReadingOutcome.TookOver)
            throw new InvalidDataException($"A reading has outcome {(int)outcome}, which this version does not know.");
        return new(new(code, hasValue, steps, timeMs, (ReadingQuality)(flags >> 3 & 7), source), outcome);
    }
}
