namespace PhysioActors.Seed.Postgres;

/// <summary>The embedded database cannot be made, started or stopped; the message says what to do.</summary>
public sealed class EmbeddedPostgresException(string message) : Exception(message);
