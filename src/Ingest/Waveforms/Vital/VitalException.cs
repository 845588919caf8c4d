namespace PhysioActors.Ingest.Waveforms.Vital;

/// <summary>A file of Vital Recorder cannot be read. The message says which file, at which byte, and what is wrong.</summary>
public sealed class VitalException(string message) : IOException(message);
