using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>A rhythm condition began, ended, or was suppressed by another signal. It follows from the samples, as <see cref="BeatsFound"/> does; what becomes of it is the alarms' to decide.</summary>
/// <param name="Change">What became of it.</param>
public readonly record struct RhythmChanged(RhythmChange Change)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Change.Condition);
        writer.Byte((byte)Change.Kind);
        writer.Signed(Change.TimeMs);
        writer.Signed(Change.TimeMs - Change.SinceMs);
        writer.Byte((byte)Change.Veto);
        writer.Unsigned((ulong)Change.Evidence.Beats);
        writer.Double(Change.Evidence.BeatsPerMinute);
        writer.Unsigned((ulong)Change.Evidence.PulseBeats);
        writer.Double(Change.Evidence.PulsePerMinute);
    }

    internal static RhythmChanged Decode(ref PayloadReader reader)
    {
        var condition = (RhythmCondition)reader.Byte();
        var kind = (RhythmChangeKind)reader.Byte();
        long timeMs = reader.Signed();
        long sinceMs = timeMs - reader.Signed();
        var veto = (Veto)reader.Byte();
        return new(new(condition, kind, timeMs, sinceMs, veto, new(reader.Count(int.MaxValue), reader.Double(), reader.Count(int.MaxValue), reader.Double())));
    }
}
