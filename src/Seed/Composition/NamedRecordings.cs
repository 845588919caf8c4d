using PhysioActors.Ingest.Replay;

namespace PhysioActors.Seed.Composition;

/// <summary>Recordings that a command line names.</summary>
internal static class NamedRecordings
{
    /// <summary>Looks whether they are there and of a known form. No recording is read yet.</summary>
    /// <param name="sources">Folders, files and WFDB records, as they were given.</param>
    /// <param name="folder">The folder that they are relative to.</param>
    /// <exception cref="CommandFailedException">One is missing, or nothing that is known; nothing was done then, so that the command line is to blame.</exception>
    public static RecordingSource Find(IReadOnlyList<string> sources, string folder)
    {
        if (sources.Any(string.IsNullOrWhiteSpace))
            throw new CommandFailedException("A source of recordings has an empty name.", "Name a folder, a file, or a WFDB record.", ExitCodes.Usage);
        try
        {
            return RecordingSource.Find([.. sources.Select(source => Path.GetFullPath(source, folder))]);
        }
        catch (RecordingSourceException exception)
        {
            throw new CommandFailedException(exception.Message, exitCode: ExitCodes.Usage);
        }
    }
}
