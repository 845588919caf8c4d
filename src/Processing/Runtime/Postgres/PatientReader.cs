using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Reads what patients are rebuilt from.</summary>
internal sealed class PatientReader(NpgsqlDataSource readers)
{
    private const string Snapshots = """
        SELECT w.number, p.snapshot_sequence, p.snapshot
        FROM unnest($1) WITH ORDINALITY AS w(patient, number) JOIN patients p ON p.patient = w.patient
        """;

    // Entries behind a snapshot lie in the part of its commit or in later ones; a day less, because the clock of a server that took over may be behind.
    // OFFSET 0 keeps the planner from joining otherwise than by looking each patient up.
    private const string Entries = """
        SELECT w.number, e.sequence, e.payload
        FROM unnest($1) WITH ORDINALITY AS w(patient, number)
        LEFT JOIN patients p ON p.patient = w.patient
        CROSS JOIN LATERAL (
            SELECT j.sequence, j.payload FROM journal j
            WHERE j.patient = w.patient AND j.sequence > coalesce(p.snapshot_sequence, 0) AND j.day >= coalesce(p.snapshot_day - 1, '-infinity'::date)
            OFFSET 0
        ) AS e
        """;

    // Few parts at a time: each goes when no recovery can need it any more.
    private const string Samples = """
        SELECT w.number, e.sequence, e.samples
        FROM unnest($1) WITH ORDINALITY AS w(patient, number)
        LEFT JOIN patients p ON p.patient = w.patient
        CROSS JOIN LATERAL (
            SELECT c.sequence, c.samples FROM chunks c WHERE c.patient = w.patient AND c.sequence > coalesce(p.snapshot_sequence, 0)
            OFFSET 0
        ) AS e
        """;

    private static readonly Comparison<JournalEntry> s_bySequence = static (a, b) => a.Sequence.CompareTo(b.Sequence);

    /// <summary>Reads the histories of all patients in one round trip and at one moment: a commit between snapshots and entries would look like a gap.</summary>
    public async ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(IReadOnlyList<string> patients, CancellationToken cancellationToken)
    {
        string[] keys = [.. patients];
        var snapshots = new (long Sequence, byte[] State)[keys.Length];
        var entries = new List<JournalEntry>?[keys.Length];
        var samples = new Dictionary<long, byte[]>?[keys.Length];
        await using (NpgsqlConnection connection = await readers.OpenConnectionAsync(cancellationToken))
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                    new(Snapshots) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = keys } } },
                    new(Entries) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = keys } } },
                    new(Samples) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = keys } } },
                    new("COMMIT"),
                },
            };
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                snapshots[reader.GetInt64(0) - 1] = (reader.GetInt64(1), reader.IsDBNull(2) ? [] : reader.GetFieldValue<byte[]>(2));
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                (entries[reader.GetInt64(0) - 1] ??= []).Add(new(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), default));
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                (samples[reader.GetInt64(0) - 1] ??= []).Add(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
        }

        var histories = new PatientHistory[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            (long sequence, byte[]? state) = snapshots[i];
            List<JournalEntry> ordered = Ordered(entries[i]);
            if (samples[i] is { } theirs)
                Join(ordered, theirs);
            histories[i] = new(keys[i], sequence, state ?? [], ordered);
        }

        return histories;
    }

    private static List<JournalEntry> Ordered(List<JournalEntry>? entries)
    {
        if (entries is null)
            return [];
        // Each part gives its entries in order; the parts come in order too unless a clock went back.
        if (!InOrder(entries))
            entries.Sort(s_bySequence);
        return entries;
    }

    private static void Join(List<JournalEntry> entries, Dictionary<long, byte[]> samples)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (samples.TryGetValue(entries[i].Sequence, out byte[]? theirs))
                entries[i] = entries[i] with { Samples = theirs };
        }
    }

    private static bool InOrder(List<JournalEntry> entries)
    {
        for (int i = 1; i < entries.Count; i++)
        {
            if (entries[i].Sequence < entries[i - 1].Sequence)
                return false;
        }

        return true;
    }
}
