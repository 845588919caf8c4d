using Npgsql;

namespace PhysioActors.Seed.Composition;

/// <summary>Reads how PostgreSQL is named: an Npgsql connection string, or the <c>postgresql://user:password@host:port/database?option=value</c> that libpq and most hosters use.</summary>
internal static class PostgresAddress
{
    /// <summary>What to do when the database does not answer, or answers with a refusal.</summary>
    public const string Advice = "Does PostgreSQL run there? Its address is that of --postgres (PHYSIO_POSTGRES, Postgres in physio.json) or, without one, of the cluster that runs in this folder.";

    /// <summary>Checks that the database answers, takes the user, and has the name.</summary>
    /// <exception cref="CommandFailedException">It does not; the message has the address, without secrets.</exception>
    public static async Task RequireAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new CommandFailedException($"PostgreSQL at {Describe(connectionString)} cannot be used: {exception.Message}", Advice);
        }
    }

    /// <summary>Gives the Npgsql connection string.</summary>
    /// <exception cref="FormatException">It is neither form; the message says what is wrong, without the password.</exception>
    public static string Parse(string text)
    {
        if (text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
            return FromUri(text);
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(builder.Host))
                throw new FormatException("it names no Host");
            return builder.ConnectionString;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    /// <summary>The address without its secrets, for people.</summary>
    public static string Describe(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}";
    }

    private static string FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
            throw new FormatException("it is no complete address");
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host };
        if (uri.Port > 0)
            builder.Port = uri.Port;
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2)
            builder.Password = Uri.UnescapeDataString(user[1]);
        string database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (database.Length > 0)
            builder.Database = database;
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            string value = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
            try
            {
                builder[NpgsqlName(parts[0])] = parts[0] == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
            }
            catch (ArgumentException exception)
            {
                throw new FormatException($"{parts[0]}: {exception.Message}", exception);
            }
        }

        return builder.ConnectionString;
    }

    private static string NpgsqlName(string libpqName) => libpqName switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        _ => libpqName,
    };
}
