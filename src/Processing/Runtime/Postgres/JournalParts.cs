using System.Collections.Concurrent;
using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>
/// Knows which parts of the journal and of the chunks are there, and makes them one ahead, so that no commit waits for a table to be made except after a jump of the database's clock,
/// and with the first samples of all.
/// </summary>
internal sealed class JournalParts(PostgresSessions sessions, string schema)
{
    // More than a node sees between restarts; the bound only matters if the clock of the database jumps about.
    private const int MaximumKnown = 1000;

    private readonly ConcurrentDictionary<DateOnly, string> _days = new();
    private readonly ConcurrentDictionary<int, string> _hours = new();

    /// <summary>The statement that copies entries into the part of <paramref name="day"/>; makes the part when this node does not know it yet.</summary>
    public ValueTask<string> CopyStatementAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.TryGetValue(day, out string? copy) ? new(copy) : MakeAsync(day, cancellationToken);

    /// <summary>The statement that copies samples into the part of <paramref name="hour"/>; makes the part when this node does not know it yet.</summary>
    public ValueTask<string> CopyStatementAsync(int hour, CancellationToken cancellationToken) =>
        _hours.TryGetValue(hour, out string? copy) ? new(copy) : MakeAsync(hour, cancellationToken);

    /// <summary>Makes the parts of <paramref name="day"/> and of the day after it where this node does not know them yet.</summary>
    public async ValueTask EnsureAsync(DateOnly day, CancellationToken cancellationToken)
    {
        if (!_days.ContainsKey(day))
            await MakeAsync(day, cancellationToken);
        if (!_days.ContainsKey(day.AddDays(1)))
            await MakeAsync(day.AddDays(1), cancellationToken);
    }

    /// <summary>Makes the parts of <paramref name="hour"/> and of the hour after it where this node does not know them yet.</summary>
    public async ValueTask EnsureAsync(int hour, CancellationToken cancellationToken)
    {
        if (!_hours.ContainsKey(hour))
            await MakeAsync(hour, cancellationToken);
        if (!_hours.ContainsKey(hour + 1))
            await MakeAsync(hour + 1, cancellationToken);
    }

    /// <summary>Forgets what is known: after an error, a part may have gone.</summary>
    public void Forget()
    {
        _days.Clear();
        _hours.Clear();
    }

    private async ValueTask<string> MakeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await MakeAsync("SELECT ensure_part($1)", new NpgsqlParameter<DateOnly> { TypedValue = day }, cancellationToken);
        return Known(_days, day, $"COPY {schema}.{JournalSchema.PartOf(day)} {EntryCopy.EntryColumns} FROM STDIN (FORMAT BINARY)");
    }

    private async ValueTask<string> MakeAsync(int hour, CancellationToken cancellationToken)
    {
        await MakeAsync("SELECT ensure_chunk_part($1)", new NpgsqlParameter<int> { TypedValue = hour }, cancellationToken);
        return Known(_hours, hour, $"COPY {schema}.{JournalSchema.ChunkPartOf(hour)} {EntryCopy.SampleColumns} FROM STDIN (FORMAT BINARY)");
    }

    private async ValueTask MakeAsync(string statement, NpgsqlParameter part, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = sessions.Readers.CreateCommand(statement);
        command.Parameters.Add(part);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Known<T>(ConcurrentDictionary<T, string> copies, T part, string copy)
        where T : notnull
    {
        if (copies.Count >= MaximumKnown)
            copies.Clear();
        return copies.GetOrAdd(part, copy);
    }
}
