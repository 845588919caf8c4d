using System.Text.RegularExpressions;

namespace PhysioActors.Shared.Kafka;

/// <summary>The names that a cluster uses on its broker and in its database. Two clusters with other names share neither.</summary>
public sealed partial class TopicNames
{
    /// <summary>The name of a cluster that was given none.</summary>
    public const string DefaultCluster = "physio";

    private const int LongestCluster = 48;

    /// <summary>Makes the names of a cluster.</summary>
    /// <param name="cluster">A small letter, then small letters, digits, <c>_</c> and <c>-</c>; at most 48 characters, because the database allows 63 for a name.</param>
    /// <exception cref="ArgumentException">The name has another form.</exception>
    public TopicNames(string cluster = DefaultCluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (cluster.Length > LongestCluster || !ClusterForm().IsMatch(cluster))
        {
            throw new ArgumentException(
                $"The cluster name '{cluster}' is not usable: a small letter, then small letters, digits, '_' and '-', at most {LongestCluster} characters.", nameof(cluster));
        }

        Cluster = cluster;
        Observations = $"{cluster}.observations";
        Anomalies = $"{cluster}.anomalies";
        Estimates = $"{cluster}.estimates";
        DeadLetters = $"{cluster}.dead-letters";
        ProcessingGroup = $"{cluster}.processing";
        PublisherGroup = $"{cluster}.publisher";
        Schema = cluster.Replace('-', '_');
    }

    /// <summary>The cluster's name.</summary>
    public string Cluster { get; }

    /// <summary>The inbound topic: observations, commands and ticks.</summary>
    public string Observations { get; }

    /// <summary>The topic of anomaly events.</summary>
    public string Anomalies { get; }

    /// <summary>The topic of estimates.</summary>
    public string Estimates { get; }

    /// <summary>The topic of refused records.</summary>
    public string DeadLetters { get; }

    /// <summary>The consumer group that shares the shards.</summary>
    public string ProcessingGroup { get; }

    /// <summary>The group under which publishers keep their progress; nobody consumes with it.</summary>
    public string PublisherGroup { get; }

    /// <summary>The database schema: the cluster's name with <c>_</c> for <c>-</c>.</summary>
    public string Schema { get; }

    /// <summary>The transactional id of a shard's publisher.</summary>
    public string TransactionalId(int shard, int generation = 1) => $"{Cluster}-g{generation}-shard-{shard}";

    [GeneratedRegex(@"^[a-z][a-z0-9_-]*\z")]
    private static partial Regex ClusterForm();
}
