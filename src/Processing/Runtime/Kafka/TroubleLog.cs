using Confluent.Kafka;

using Microsoft.Extensions.Logging;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>Keeps a broker that is away from filling the log: one line in five seconds, with the number of errors since the last.</summary>
internal sealed class TroubleLog(ILogger logger, string client, TimeProvider time)
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private long _count;
    private long _last;
    private bool _spoken;

    internal void Report(string reason)
    {
        KafkaMetrics.Troubles.Add(1, new KeyValuePair<string, object?>("client", client));
        long count;
        lock (_gate)
        {
            _count++;
            if (_spoken && time.GetElapsedTime(_last) < s_silence)
                return;
            _spoken = true;
            _last = time.GetTimestamp();
            (count, _count) = (_count, 0);
        }

        KafkaLog.Trouble(logger, client, reason, count);
    }

    internal void Report(Error error) => Report($"{error.Code}: {error.Reason}");

    /// <summary>Takes warnings and worse from the client's own log.</summary>
    internal void Report(LogMessage message)
    {
        if (message.Level <= SyslogLevel.Warning)
            Report(message.Message);
    }
}
