using System.Text;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Gathers the keys of commands: those of the configuration, and those of the key file.</summary>
internal static class CommandKeyFile
{
    private const int MaximumBytes = 64 << 10;
    private const string Form = "It has a key a line, id:base64, and # before what is not meant. A key is made with 'openssl rand -base64 32'.";

    /// <summary>Reads the file, if one is named, and puts its keys to the others.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="folder">The folder that the path is relative to.</param>
    /// <param name="warn">Told when others on this machine can read the file.</param>
    /// <exception cref="CommandFailedException">The file is missing, cannot be read, has no usable key, or can be changed by everybody.</exception>
    public static CommandKeys Load(CommandsOptions options, string folder, Action<string> warn)
    {
        if (options.KeyFile.Length == 0)
            return options.Keys;
        try
        {
            CommandKeys keys = CommandKeys.Parse(Read(options.KeyFile, folder, warn));
            return keys.Count > 0 ? options.Keys.With(keys) : throw Unusable(options.KeyFile, "has no key", Form);
        }
        catch (FormatException exception)
        {
            throw Unusable(options.KeyFile, $"cannot be used. {exception.Message}", Form);
        }
    }

    private static string Read(string file, string folder, Action<string> warn)
    {
        string path = Path.GetFullPath(file, folder);
        if (Directory.Exists(path))
            throw Unusable(file, "is a folder", "Name the file in it.");
        byte[] bytes = new byte[MaximumBytes + 1];
        int length;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (!OperatingSystem.IsWindows())
                CheckMode(file, File.GetUnixFileMode(stream.SafeFileHandle), warn);
            length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unusable(file, "does not exist", "Commands:KeyFile is looked for in the current folder, unless it is an absolute path.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(file, $"cannot be read: {exception.Message}", "The user that this program runs as must be able to read it.");
        }

        return length <= MaximumBytes
            ? Encoding.UTF8.GetString(bytes, 0, length).TrimStart('\uFEFF')
            : throw Unusable(file, $"has more than {MaximumBytes >> 10} KiB", Form);
    }

    private static void CheckMode(string file, UnixFileMode mode, Action<string> warn)
    {
        string octal = Convert.ToString((int)mode, 8);
        if (mode.HasFlag(UnixFileMode.OtherWrite))
            throw Unusable(file, $"can be changed by everybody on this machine (mode {octal})", $"Whoever writes a key into it can give commands. Make new keys, and 'chmod 600 {file}'.");
        if (mode.HasFlag(UnixFileMode.OtherRead))
            warn($"The key file {file} can be read by everybody on this machine (mode {octal}); 'chmod 600 {file}' leaves it to its owner.");
    }

    private static CommandFailedException Unusable(string file, string why, string hint) => new($"The key file {file} {why}{(why.EndsWith('.') ? "" : ".")}", hint, ExitCodes.Usage);
}
