using System.Globalization;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>The properties of a node's consumer, and why.</summary>
internal static class ConsumerProperties
{
    internal static Dictionary<string, string> Of(KafkaConnection connection, InboundLogOptions options)
    {
        int session = (int)options.SessionTimeout.TotalMilliseconds;
        return connection.Properties(
            options.ClientId,
            [
                // The development broker lets an empty fetch wait its whole time. Elsewhere a partition that begins to be read waits for the fetch that is under way.
                ("fetch.wait.max.ms", options.IsDevelopmentBroker ? "5" : "100"),
                ("fetch.error.backoff.ms", "100"),

                // librdkafka 2.0 backs off a whole second when its queue is full, so its limits are wide; pausing keeps memory small.
                ("queued.min.messages", "1000000"),
                ("queued.max.messages.kbytes", "65536"),
                ("socket.timeout.ms", "10000"),
                ("log.connection.close", "false"),
                ("auto.commit.interval.ms", "100"),
                ("heartbeat.interval.ms", Text(Math.Max(1, session / 4))),
            ],
            [
                ("group.id", options.Group),
                ("session.timeout.ms", Text(session)),
                ("partition.assignment.strategy", "cooperative-sticky"),
                ("auto.offset.reset", "error"),
                ("enable.auto.commit", "true"),
                ("enable.auto.offset.store", "false"),
                ("enable.partition.eof", "false"),
                ("isolation.level", "read_committed"),
                // The development broker is too old for the question, and the client would say so at each start; it has all its topics from the beginning.
                ("allow.auto.create.topics", options.IsDevelopmentBroker ? "true" : "false"),
            ]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
