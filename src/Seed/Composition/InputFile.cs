namespace PhysioActors.Seed.Composition;

/// <summary>Small files that a command line names, read whole.</summary>
internal static class InputFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="option">The option that named it.</param>
    /// <param name="given">What the option said.</param>
    /// <param name="folder">The folder that it is relative to.</param>
    /// <param name="most">The most bytes that such a file has.</param>
    /// <param name="without">What to do where there is no such file.</param>
    /// <exception cref="CommandFailedException">It does not exist, is a folder, is too long, or cannot be read.</exception>
    public static byte[] Read(string option, string given, string folder, int most, string without = "Relative names are looked for in the current folder.")
    {
        string path = given.Length == 0 ? throw Wrong(option, given, "names no file", "Name the file to read.") : Path.GetFullPath(given, folder);
        if (Directory.Exists(path))
            throw Wrong(option, given, "is a folder", "Name the file in it.");
        byte[] bytes = new byte[most + 1];
        try
        {
            // Devices and pipes have no length, and some of them no end.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= most ? bytes[..length] : throw Wrong(option, given, $"has more than {most:#,0} bytes", "It is none of the files that belong here.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Wrong(option, given, "does not exist", without);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(option, given, $"cannot be read: {exception.Message}", "The user that this program runs as must be able to read it.");
        }
    }

    private static CommandFailedException Wrong(string option, string given, string why, string hint) => new($"{option} {given}{(given.Length > 0 ? " " : "")}{why}{(why.EndsWith('.') ? "" : ".")}", hint, ExitCodes.Usage);
}
