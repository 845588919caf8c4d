namespace PhysioActors.Seed.Composition;

/// <summary>
/// A file that a command writes its result to. It is looked at before the work begins, so that hours of it are not lost to a wrong name, and what others wrote is never written over:
/// a file that is there already must begin as this command's own files do, or be empty. It is replaced as a whole, so that nobody reads a part, and an end in the midst leaves the old one.
/// Pipes and devices are written to as they are.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly UnixFileMode? _mode;

    // A pipe is opened once: whoever reads it would take a second opening for the next writer.
    private readonly FileStream? _open;

    private OutputFile(string path, UnixFileMode? mode, FileStream? open) => (_path, _mode, _open) = (path, mode, open);

    /// <summary>Looks whether a file can be written.</summary>
    /// <param name="option">The option that named it, or its folder.</param>
    /// <param name="given">Its name as it was given, for messages.</param>
    /// <param name="folder">The folder that it is relative to.</param>
    /// <param name="own">How files of this command begin.</param>
    /// <param name="cancellationToken">Ends the wait for the reader of a pipe.</param>
    /// <exception cref="CommandFailedException">It is a folder or somebody else's, or cannot be written there.</exception>
    public static OutputFile Check(string option, string given, string folder, ReadOnlySpan<byte> own, CancellationToken cancellationToken = default)
    {
        if (given.Length == 0)
            throw Wrong(option, given, "names no file.", "Name the file to write.");
        string path = Path.GetFullPath(given, folder);
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw Wrong(option, given, "is a folder.", "Name the file to write.");
        RequireFolder(option, given, Path.GetDirectoryName(path)!, mayBeMade: false);
        try
        {
            OutputFile file = File.Exists(path) ? OfExisting(option, given, path, own, cancellationToken) : new(path, mode: null, open: null);
            if (file._open is null)
                File.Delete(file.WriteBeside(static _ => { }));
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(option, given, $"cannot be written: {exception.Message}", "The user that this program runs as must be able to write there.");
        }
    }

    /// <summary>Looks whether a folder is one, or can be made, and makes it.</summary>
    /// <param name="option">The option that named it.</param>
    /// <param name="given">Its name as it was given.</param>
    /// <param name="folder">The folder that it is relative to.</param>
    /// <exception cref="CommandFailedException">A file has its place, or it cannot be made.</exception>
    public static void MakeFolder(string option, string given, string folder)
    {
        if (given.Length == 0)
            throw Wrong(option, given, "names no folder.", "Name the folder to write to.");
        string path = Path.GetFullPath(given, folder);
        RequireFolder(option, given, path, mayBeMade: true);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(option, given, $"cannot be made: {exception.Message}", "The user that this program runs as must be able to write there.");
        }
    }

    /// <summary>Writes the file.</summary>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">There is no room for it.</exception>
    public void Write(Action<Stream> write)
    {
        if (_open is null)
        {
            File.Move(WriteBeside(write), _path, overwrite: true);
            return;
        }

        using (_open)
            write(_open);
    }

    /// <summary>Lets go of a pipe to which nothing was written.</summary>
    public void Dispose() => _open?.Dispose();

    private static OutputFile OfExisting(string option, string given, string path, ReadOnlySpan<byte> own, CancellationToken cancellationToken)
    {
        // Waits for the reader of a pipe, as a shell does; beside the program, which a signal must be able to end meanwhile.
        Task<FileStream> opening = Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), CancellationToken.None);
        Task.WaitAny([opening], cancellationToken);
        FileStream open = opening.GetAwaiter().GetResult();
        if (!open.CanSeek || open.Length == 0)
            return new(path, mode: null, open);
        open.Dispose();
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        Span<byte> begins = stackalloc byte[own.Length];
        if (stream.ReadAtLeast(begins, own.Length, throwOnEndOfStream: false) < own.Length || !begins.SequenceEqual(own))
            throw Wrong(option, given, "is there already, and this command did not write it.", "Move it away, or name another one.");
        // A link stays one: what it leads to is replaced.
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return new(target, OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(stream.SafeFileHandle), open: null);
    }

    private static void RequireFolder(string option, string given, string folder, bool mayBeMade)
    {
        string? at = folder;
        while (at is not null && !Directory.Exists(at))
        {
            if (File.Exists(at))
                throw Wrong(option, given, at == Path.TrimEndingDirectorySeparator(folder) && mayBeMade ? "is a file." : $"cannot be made: {at} is a file.", "Name a folder, or another one.");
            if (!mayBeMade)
                throw Wrong(option, given, $"cannot be made: the folder {folder} does not exist.", "Make it, or name a file in another one.");
            at = Path.GetDirectoryName(at);
        }
    }

    /// <summary>Writes a new file in the same folder, with the mode of the one that it will replace.</summary>
    /// <returns>Its path.</returns>
    private string WriteBeside(Action<Stream> write)
    {
        string beside = $"{_path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && _mode is { } mode)
            options.UnixCreateMode = mode;
        using var stream = new FileStream(beside, options);
        try
        {
            write(stream);
            stream.Flush(flushToDisk: true);
            return beside;
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static CommandFailedException Wrong(string option, string given, string why, string hint) => new($"{option} {given}{(given.Length > 0 ? " " : "")}{why}", hint, ExitCodes.Usage);
}
