namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>What a node needs to know to write its shards' journal.</summary>
/// <param name="ConnectionString">The Npgsql connection string of the database; pool and session settings that the journal depends on are set by it.</param>
/// <param name="Schema">The cluster's schema, as <see cref="JournalSchema"/> allows it.</param>
/// <param name="Incarnation">The incarnation of the inbound log that this node reads.</param>
/// <param name="Partitions">How many partitions the inbound topic has; divides 4096.</param>
/// <param name="Owner">A name for this node, stored with the shards it takes over; for people.</param>
public sealed record PostgresJournalOptions(string ConnectionString, string Schema, string Incarnation, int Partitions, string Owner);
