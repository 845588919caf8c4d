using System.Globalization;

namespace PhysioActors.Seed.Postgres;

/// <summary>The settings of an embedded cluster, written anew at each start, so that a newer program brings its own.</summary>
internal static class PostgresSettings
{
    /// <summary>The file, beside the server's own that includes it.</summary>
    public const string FileName = "physio.conf";

    private const long MiB = 1 << 20;

    /// <summary>The text of the file.</summary>
    /// <param name="socketFolder">Where the socket goes.</param>
    /// <param name="walCompression">The best compression of full pages that the server was built with.</param>
    /// <param name="memoryBytes">The machine's memory.</param>
    public static string Text(string socketFolder, string walCompression, long memoryBytes)
    {
        long buffers = Math.Clamp(memoryBytes / 8 / MiB, 32, 512);
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written by physio at each start; what is changed here is lost.
            # Only over the socket, whose folder is closed to other users.
            listen_addresses = ''
            unix_socket_directories = '{socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = 200
            # What was committed survives a power cut.
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            # Fewer, longer checkpoints: after each, every page touched is written to the log whole. Recovery after a crash reads at most max_wal_size.
            shared_buffers = {buffers}MB
            wal_buffers = 16MB
            min_wal_size = 512MB
            max_wal_size = 2GB
            checkpoint_timeout = 15min
            checkpoint_completion_target = 0.9
            wal_compression = {walCompression}
            # Short statements, few processors.
            jit = off
            max_parallel_workers_per_gather = 0
            # The log grows by warnings only.
            log_min_messages = warning
            log_checkpoints = off
            log_line_prefix = '%m [%p] %a '
            timezone = 'UTC'
            """) + "\n";
    }
}
