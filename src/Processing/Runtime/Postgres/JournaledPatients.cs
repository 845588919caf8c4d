using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Reads single patients for people.</summary>
internal static class JournaledPatients
{
    private const string Patient = "SELECT slot, active, deadline_ms, snapshot_sequence, snapshot_day, snapshot FROM patients WHERE patient = $1";

    private const string Newest = """
        SELECT n.day, n.sequence, n.payload, c.samples
        FROM (SELECT patient, day, sequence, payload FROM journal WHERE patient = $1 ORDER BY sequence DESC LIMIT $2) AS n
        LEFT JOIN chunks c ON c.patient = n.patient AND c.sequence = n.sequence
        ORDER BY n.sequence DESC
        """;

    /// <summary>See <see cref="PostgresJournalAdministration.ReadPatientAsync"/>.</summary>
    public static async ValueTask<JournaledPatient?> ReadAsync(NpgsqlConnection connection, string patient, int newest, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Patient) { Parameters = { new NpgsqlParameter<string> { TypedValue = patient } } },
                new(Newest) { Parameters = { new NpgsqlParameter<string> { TypedValue = patient }, new NpgsqlParameter<int> { TypedValue = newest } } },
            },
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var found = new JournaledPatient(
            patient, reader.GetInt16(0), reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.GetInt64(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<DateOnly>(4), reader.IsDBNull(5) ? [] : reader.GetFieldValue<byte[]>(5), []);
        await reader.NextResultAsync(cancellationToken);
        var entries = new List<JournaledEntry>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new(reader.GetFieldValue<DateOnly>(0), new(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.IsDBNull(3) ? [] : reader.GetFieldValue<byte[]>(3))));
        entries.Reverse();
        return found with { Entries = entries };
    }
}
