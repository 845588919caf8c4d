using Microsoft.Extensions.Logging;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>All log messages of the Kafka side, event ids 2000 to 2099.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(2000, LogLevel.Information, "Assigned partitions {Partitions}")]
    internal static partial void Assigned(ILogger logger, string partitions);

    [LoggerMessage(2001, LogLevel.Information, "Partitions {Partitions} go to other nodes")]
    internal static partial void Revoked(ILogger logger, string partitions);

    [LoggerMessage(2002, LogLevel.Warning, "Partitions {Partitions} were lost: the group did not hear this node in time")]
    internal static partial void Lost(ILogger logger, string partitions);

    [LoggerMessage(2003, LogLevel.Warning, "The shards of partitions {Partitions} did not stop within {Seconds} s; the partitions are given away all the same, and their epochs keep the old owner out")]
    internal static partial void SlowToStop(ILogger logger, string partitions, double seconds);

    [LoggerMessage(2004, LogLevel.Error, "The node's answer to a change of assignment failed")]
    internal static partial void HostFailed(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Warning, "Kafka ({Client}): {Reason} ({Count} errors since the last line)")]
    internal static partial void Trouble(ILogger logger, string client, string reason, long count);

    [LoggerMessage(2006, LogLevel.Warning, "The client's assignment differs from what was announced; joining the group anew")]
    internal static partial void JoiningAnew(ILogger logger);

    [LoggerMessage(2007, LogLevel.Warning, "Leaving the group took longer than {Seconds} s; the group will notice by its session timeout")]
    internal static partial void SlowToLeave(ILogger logger, double seconds);

    [LoggerMessage(2008, LogLevel.Error, "Partition {Partition}: offset {Wanted} is gone, the log begins at {First}")]
    internal static partial void OffsetLost(ILogger logger, int partition, long wanted, long first);

    [LoggerMessage(2009, LogLevel.Error, "Partition {Partition}: offset {Wanted} is behind the end of the log, {End}; the log was cut or is another one")]
    internal static partial void LogCut(ILogger logger, int partition, long wanted, long end);

    [LoggerMessage(2010, LogLevel.Warning, "Shard {Shard}: published rows could not be removed from the outbox, the next publication will: {Reason}")]
    internal static partial void OutboxNotTrimmed(ILogger logger, int shard, string reason);

    [LoggerMessage(2011, LogLevel.Information, "Partition {Partition}: offset {Wanted} was sought, {Offset} came; seeking again")]
    internal static partial void SoughtAgain(ILogger logger, int partition, long wanted, long offset);
}
