using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>Who tells a signal, and when it was last told.</summary>
internal struct SignalSource
{
    /// <summary>For a signal that no device of the table tells any more.</summary>
    internal const byte NoDevice = 0xFF;

    /// <summary>The place of the device that told it last.</summary>
    internal byte Device;

    /// <summary>True while its absence would be noticed: it came regularly, and its loss was not told yet.</summary>
    internal bool IsAwaited;

    /// <summary>Its interval, declared or learnt, milliseconds; 0 when it is not known.</summary>
    internal int IntervalMs;

    /// <summary>The newest event time told, by the clock of the device.</summary>
    internal long NewestMs;

    /// <summary>Log time at which it was last told; 0 before the first time.</summary>
    internal long LogMs;

    /// <summary>Event time of the first reading of another device, with a faster clock, that was left out since it was last told; 0 for none.</summary>
    internal long StandsBySinceMs;

    internal readonly void Encode(PayloadWriter writer)
    {
        writer.Byte(Device);
        writer.Boolean(IsAwaited);
        writer.Unsigned((ulong)IntervalMs);
        writer.Signed(NewestMs);
        writer.Signed(LogMs);
        writer.Signed(StandsBySinceMs);
    }

    internal static SignalSource Decode(ref PayloadReader reader) => new()
    {
        Device = reader.Byte(),
        IsAwaited = reader.Boolean(),
        IntervalMs = reader.Count(int.MaxValue),
        NewestMs = reader.Signed(),
        LogMs = reader.Signed(),
        StandsBySinceMs = reader.Signed(),
    };
}
