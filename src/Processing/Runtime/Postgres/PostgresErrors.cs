using System.Net.Sockets;
using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Tells faults that may pass from bugs and broken stores.</summary>
internal static class PostgresErrors
{
    /// <summary>
    /// True for everything that may pass: the server is away, starting, stopping or read-only, a session was ended, a lock or a statement took too long, resources ran out, the disk failed or is full.
    /// </summary>
    public static bool MayPass(Exception error) => error switch
    {
        PostgresException server => MayPass(server.SqlState),
        NpgsqlException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The exception that a caller of the journal sees for a fault that may pass.</summary>
    public static JournalUnavailableException Unavailable(string what, Exception error) =>
        new($"{what}: {(error is PostgresException server ? $"{server.SqlState} {server.MessageText}" : error.Message)}", error);

    private static bool MayPass(string state) => state.Length == 5 && (
        state[..2] is "08" // connection
            or "40" // serialization failure, deadlock
            or "53" // disk full, out of memory, too many connections
            or "55" // lock not available, object in use
            or "57" // cancelled, shutdown, starting up
            or "58" // I/O
        || state is PostgresErrorCodes.ReadOnlySqlTransaction // a standby, or about to be one
            or "25P03" // the session held a transaction open for too long
            or PostgresErrorCodes.InFailedSqlTransaction);
}
