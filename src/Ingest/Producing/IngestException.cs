namespace PhysioActors.Ingest.Producing;

/// <summary>Observations could not be brought to the broker. The message says what failed, where, and what may help.</summary>
public sealed class IngestException(string message, Exception? inner = null) : Exception(message, inner);
