namespace PhysioActors.Ingest.Replay;

/// <summary>A folder given as a source of recordings cannot be replayed. The message says which, why, and what would do.</summary>
public sealed class RecordingSourceException(string message) : Exception(message);
