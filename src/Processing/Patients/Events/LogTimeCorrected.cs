using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>
/// A gateway's clock is fast: the latest record claims a time that has not come yet. Silence is reckoned from here. Told once more with the same time, when
/// nothing has come for a while: the delays of alarms, escalations and reminders are reckoned from here, too.
/// </summary>
/// <param name="LogMs">Log time by the shard's ticks, milliseconds since 1970 UTC.</param>
public readonly record struct LogTimeCorrected(long LogMs)
{
    internal void Encode(PayloadWriter writer) => writer.Signed(LogMs);

    internal static LogTimeCorrected Decode(ref PayloadReader reader) => new(reader.Signed());
}
