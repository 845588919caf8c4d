using System.Security.Cryptography;

namespace PhysioActors.Seed.Composition;

/// <summary>
/// The key that commands are signed with in an environment with a development broker of its own: made once, kept beside its database, and readable by its owner alone, so that nodes and <c>physio command</c>
/// in one folder have it without being told. A cluster on a real Kafka gets none: its keys are given by people.
/// </summary>
internal static class LocalCommandKey
{
    /// <summary>The file, in the folder of what is embedded.</summary>
    public const string FileName = "command-keys";

    /// <summary>The id of the key.</summary>
    public const string Id = "local";

    private const int KeyBytes = 32;

    /// <summary>Makes the file if it is not there. The caller holds the lock of the environment.</summary>
    /// <param name="place">The folder of what is embedded.</param>
    /// <returns>The file's path.</returns>
    public static string Provide(string place)
    {
        string path = Path.Combine(place, FileName);
        if (Path.Exists(path))
            return path;
        string next = path + ".new";
        // The mode holds for a file that is made, and not for one that a start which was cut short has left.
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(next, options))
            writer.Write($"# The key of commands of the environment in this folder, made at its first start. If this file is deleted, the next start makes another key.\n{Id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))}\n");
        File.Move(next, path);
        return path;
    }
}
