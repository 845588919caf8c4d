using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Opens the sessions of the journal, each with the settings that its safety depends on, whatever the server's or the user's defaults are.</summary>
internal sealed class PostgresSessions : IAsyncDisposable
{
    /// <summary>Most sessions for reads, so that a node with all its shards recovering does not take the server's connections.</summary>
    private const int MaximumReaders = 8;

    private const int CommandTimeoutSeconds = 30;

    // Sessions that hold locks while their owner is stopped or unreachable are ended by the server after seconds; a lock is waited for as long.
    // synchronous_commit is raised to on where it is weaker, and left where it is stronger (remote_apply).
    // Statements here are look-ups by key: a plan that scans the journal, for want of statistics, would stall a shard.
    private const string Settings = """
        SELECT set_config('application_name', $1, false),
               set_config('lock_timeout', '3s', false),
               set_config('idle_in_transaction_session_timeout', '5s', false),
               set_config('statement_timeout', $2, false),
               set_config('tcp_keepalives_idle', '10', false),
               set_config('tcp_keepalives_interval', '5', false),
               set_config('tcp_keepalives_count', '3', false),
               set_config('enable_seqscan', 'off', false),
               set_config('jit', 'off', false),
               CASE WHEN current_setting('synchronous_commit') IN ('off', 'local', 'remote_write') THEN set_config('synchronous_commit', 'on', false) END
        """;

    private readonly NpgsqlDataSource _single;
    private readonly string _schema;

    public PostgresSessions(string connectionString, string schema)
    {
        _schema = schema;
        var common = new NpgsqlConnectionStringBuilder(connectionString)
        {
            CommandTimeout = CommandTimeoutSeconds,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true, // no session state is ever changed behind the settings
            Multiplexing = false,
            Enlist = false,
            SearchPath = schema,
            IncludeErrorDetail = false, // details hold patient keys
        };

        // A Unix socket, told by a path for a host, has no keepalives and refuses to be asked for them.
        if (common.Host is not { } host || !(host.StartsWith('/') || host.StartsWith('@')))
        {
            common.TcpKeepAlive = true;
            common.TcpKeepAliveTime = 10;
            common.TcpKeepAliveInterval = 5;
        }

        var readers = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(common.ConnectionString)
        {
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = MaximumReaders,
        }.ConnectionString);
        string name = JournalSchema.ReadSession(schema);
        readers.UsePhysicalConnectionInitializer(
            connection =>
            {
                using NpgsqlCommand command = SettingsOf(connection, name, "60s");
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using NpgsqlCommand command = SettingsOf(connection, name, "60s");
                await command.ExecuteNonQueryAsync();
            });
        Readers = readers.Build();
        _single = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(common.ConnectionString) { Pooling = false, WriteBufferSize = 64 << 10 }.ConnectionString);
    }

    /// <summary>The pool for reads and other statements that stand alone.</summary>
    public NpgsqlDataSource Readers { get; }

    /// <summary>Opens the one session that commits for a shard.</summary>
    public ValueTask<NpgsqlConnection> OpenCommitAsync(int generation, int shard, CancellationToken cancellationToken) =>
        OpenAsync(JournalSchema.CommitSession(_schema, generation, shard), "60s", cancellationToken);

    /// <summary>Opens a session for administration, whose statements may take long.</summary>
    public ValueTask<NpgsqlConnection> OpenAdministrationAsync(CancellationToken cancellationToken) =>
        OpenAsync(JournalSchema.ReadSession(_schema), "0", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Readers.DisposeAsync();
        await _single.DisposeAsync();
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(string name, string statementTimeout, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _single.OpenConnectionAsync(cancellationToken);
        try
        {
            await using NpgsqlCommand command = SettingsOf(connection, name, statementTimeout);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static NpgsqlCommand SettingsOf(NpgsqlConnection connection, string name, string statementTimeout) => new(Settings, connection)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = name }, new NpgsqlParameter<string> { TypedValue = statementTimeout } },
    };
}
