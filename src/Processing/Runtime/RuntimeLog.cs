using Microsoft.Extensions.Logging;

namespace PhysioActors.Processing.Runtime;

/// <summary>All log messages of the runtime. Patients never stand in them but by the hash of their key.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1001, LogLevel.Information, "Shard {Shard}: taken over with epoch {Epoch} at offset {Offset}; {Patients} patients were in memory before.")]
    internal static partial void TakenOver(ILogger logger, int shard, long epoch, long offset, int patients);

    [LoggerMessage(1002, LogLevel.Information, "Shard {Shard}: stopped at offset {Offset}.")]
    internal static partial void Stopped(ILogger logger, int shard, long offset);

    [LoggerMessage(1003, LogLevel.Warning, "Shard {Shard}: fenced, epoch {Mine} is over and {Theirs} in force. Asking the group whether the shard is still ours.")]
    internal static partial void Fenced(ILogger logger, int shard, long mine, long theirs);

    [LoggerMessage(1004, LogLevel.Warning, "Shard {Shard}: the journal is away, consumption pauses. {Reason}")]
    internal static partial void JournalAway(ILogger logger, int shard, string reason);

    [LoggerMessage(1005, LogLevel.Warning, "Shard {Shard}: {Why}; goes on from offset {Offset}, as the journal says.")]
    internal static partial void WentBack(ILogger logger, int shard, string why, long offset);

    [LoggerMessage(1006, LogLevel.Warning, "Shard {Shard}: publishing interrupted. {Reason}")]
    internal static partial void PublishingInterrupted(ILogger logger, int shard, string reason);

    [LoggerMessage(1007, LogLevel.Error, "Shard {Shard}: a message of patient #{PatientHash:x8} at offset {Offset} failed; it is tried again on recovered state.")]
    internal static partial void HandlingFailed(ILogger logger, int shard, int patientHash, long offset, Exception exception);

    [LoggerMessage(1008, LogLevel.Error, "Shard {Shard}: the state of patient #{PatientHash:x8} cannot be rebuilt; its messages become dead letters. {Reason}")]
    internal static partial void RebuildFailed(ILogger logger, int shard, int patientHash, string reason);

    [LoggerMessage(1009, LogLevel.Critical, "Shard {Shard}: {Reason} The loss is recorded, and handling goes on behind it.")]
    internal static partial void OffsetsLost(ILogger logger, int shard, string reason);

    [LoggerMessage(1010, LogLevel.Error, "Shard {Shard}: failed and starts again.")]
    internal static partial void ShardFailed(ILogger logger, int shard, Exception exception);

    [LoggerMessage(1011, LogLevel.Critical, "Shard {Shard}: patient #{PatientHash:x8} rebuilt from the journal differs from the state in memory at sequence {Sequence}.")]
    internal static partial void ReplayDiffers(ILogger logger, int shard, int patientHash, long sequence);

    [LoggerMessage(1012, LogLevel.Error, "Shard {Shard}: publishing failed; it is tried again, and what is decided waits in the journal.")]
    internal static partial void PublishingFailed(ILogger logger, int shard, Exception exception);

    [LoggerMessage(1013, LogLevel.Error, "Shard {Shard}: Kafka says that outbox row {Progress} was published, but the journal has decided none behind {Decided}: the database was restored from a backup. "
        + "The progress in Kafka goes back to {Published}, and what is decided again is published again with the same event ids: consumers drop repeats by eventId. Was no backup restored, this is the wrong database.")]
    internal static partial void ProgressAheadOfOutbox(ILogger logger, int shard, long progress, long decided, long published);
}
