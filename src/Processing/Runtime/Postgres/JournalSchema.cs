using System.Globalization;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>The rules for names and numbers that end up in SQL and in session names.</summary>
public static class JournalSchema
{
    /// <summary>The number of slots; partition counts divide it.</summary>
    public const int Slots = 4096;

    /// <summary>The longest schema name: with generation and shard it must fit the 63 bytes of an application name.</summary>
    public const int MaximumNameLength = 40;

    /// <summary>Checks a schema's name: a lower-case letter, then lower-case letters, digits and underscores, so that it needs no quoting anywhere.</summary>
    /// <exception cref="ArgumentException">The name is something else.</exception>
    public static string Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool good = name.Length is > 0 and <= MaximumNameLength && name[0] is >= 'a' and <= 'z' && !name.StartsWith("pg_", StringComparison.Ordinal);
        foreach (char c in name)
            good &= c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_';
        return good ? name : throw new ArgumentException(
            $"'{name}' cannot name the cluster's database schema: it must begin with a letter a-z, hold only a-z, 0-9 and _, have at most {MaximumNameLength} characters and not begin with pg_.", nameof(name));
    }

    /// <summary>Checks a number of partitions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not divide 4096.</exception>
    public static int CheckPartitions(int partitions) => partitions > 0 && Slots % partitions == 0
        ? partitions
        : throw new ArgumentOutOfRangeException(nameof(partitions), partitions, $"The number of partitions must divide {Slots} (1, 2, 4, ..., {Slots}), so that slots nest in partitions.");

    /// <summary>The name of the part that holds a day's entries.</summary>
    internal static string PartOf(DateOnly day) => "journal_" + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>The name of the part that holds an hour's samples.</summary>
    internal static string ChunkPartOf(int hour) => "chunks_" + hour.ToString(CultureInfo.InvariantCulture);

    /// <summary>The application name of the session that commits for a shard, by which a new owner finds it.</summary>
    internal static string CommitSession(string schema, int generation, int shard) => string.Create(CultureInfo.InvariantCulture, $"physio/{schema}/{generation}/{shard}");

    /// <summary>The application name of sessions that hold nothing.</summary>
    internal static string ReadSession(string schema) => $"physio/{schema}";
}
