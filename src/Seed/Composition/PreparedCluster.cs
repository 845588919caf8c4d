using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>A cluster whose topics and schema are there, and whose journal belongs to its log.</summary>
/// <param name="Kafka">The Kafka side.</param>
/// <param name="Log">The inbound log as the journal knows it.</param>
internal sealed record PreparedCluster(KafkaDescription Kafka, JournalLog Log)
{
    /// <summary>
    /// Makes what is missing: topics, schema, the first incarnation of the log. Several nodes may do it at once.
    /// </summary>
    /// <param name="options">The options, Kafka and PostgreSQL named.</param>
    /// <param name="beginIncarnation">True to begin a new incarnation when the journal belongs to another log: its offsets are given up, and whatever was not handled of that log will never be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandFailedException">The journal belongs to another log.</exception>
    public static async Task<PreparedCluster> PrepareAsync(PhysioOptions options, bool beginIncarnation, CancellationToken cancellationToken)
    {
        TopicNames topics = options.Topics;
        var kafka = new KafkaCluster(new KafkaConnection(options.Brokers, options.Kafka));
        await kafka.EnsureTopicsAsync([.. new[] { topics.Observations, topics.Anomalies, topics.Estimates, topics.DeadLetters }.Select(topic => (topic, options.Partitions))], cancellationToken: cancellationToken).ConfigureAwait(false);
        KafkaDescription description = await kafka.DescribeAsync(topics.Observations, cancellationToken).ConfigureAwait(false);

        await using var journal = new PostgresJournalAdministration(options.Postgres, topics.Schema);
        await journal.MigrateAsync(cancellationToken).ConfigureAwait(false);
        JournalLog? log = await journal.ReadLogAsync(cancellationToken).ConfigureAwait(false);
        if (log is not null && log.Incarnation != description.Incarnation && !beginIncarnation)
        {
            throw new CommandFailedException(
                $"The journal belongs to another inbound log ({log.Incarnation}) than the one at {options.Brokers} ({description.Incarnation}): its offsets mean nothing there.",
                "Name the right Kafka or database. If the old log is gone for good, start once with --begin-log: patients and journal stay, and the new log is read from its start.");
        }

        log = await journal.BeginIncarnationAsync(description.Incarnation, description.Partitions, cancellationToken).ConfigureAwait(false);
        return new(description, log);
    }
}
