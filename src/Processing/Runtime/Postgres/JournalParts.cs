using System.Collections.Concurrent;
using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Knows which parts of the journal are there, and makes them a day ahead, so that no commit waits for a table to be made except after a jump of the database's clock.</summary>
internal sealed class JournalParts(PostgresSessions sessions, string schema)
{
    // More than a node sees between restarts; the bound only matters if the clock of the database jumps about.
    private const int MaximumKnown = 1000;

    private readonly ConcurrentDictionary<DateOnly, string> _copies = new();

    /// <summary>The statement that copies entries into the part of <paramref name="day"/>; makes the part when this node does not know it yet.</summary>
    public ValueTask<string> CopyStatementAsync(DateOnly day, CancellationToken cancellationToken) =>
        _copies.TryGetValue(day, out string? copy) ? new(copy) : MakeAsync(day, cancellationToken);

    /// <summary>Makes the parts of <paramref name="day"/> and of the day after it where this node does not know them yet.</summary>
    public async ValueTask EnsureAsync(DateOnly day, CancellationToken cancellationToken)
    {
        if (!_copies.ContainsKey(day))
            await MakeAsync(day, cancellationToken);
        if (!_copies.ContainsKey(day.AddDays(1)))
            await MakeAsync(day.AddDays(1), cancellationToken);
    }

    /// <summary>Forgets what is known: after an error, a part may have gone.</summary>
    public void Forget() => _copies.Clear();

    private async ValueTask<string> MakeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = sessions.Readers.CreateCommand("SELECT ensure_part($1)");
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        await command.ExecuteNonQueryAsync(cancellationToken);
        if (_copies.Count >= MaximumKnown)
            _copies.Clear();
        return _copies.GetOrAdd(day, of => $"COPY {schema}.{JournalSchema.PartOf(of)} {EntryCopy.Columns} FROM STDIN (FORMAT BINARY)");
    }
}
