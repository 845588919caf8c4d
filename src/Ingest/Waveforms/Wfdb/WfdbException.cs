namespace PhysioActors.Ingest.Waveforms.Wfdb;

/// <summary>A WFDB record cannot be read. The message says which file, what is wrong, and what would do.</summary>
public sealed class WfdbException(string message) : IOException(message);
