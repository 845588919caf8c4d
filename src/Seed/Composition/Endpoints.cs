using System.Text.Json;

namespace PhysioActors.Seed.Composition;

/// <summary>Where a running environment is reached: what <c>physio up</c> and <c>physio run</c> write, and the other commands read.</summary>
internal sealed record Endpoints
{
    /// <summary>The form of the file.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The folder, below the current one, in which everything embedded lies.</summary>
    public const string FolderName = ".physio";

    private const string FileName = "endpoints.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The form of the file.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Kafka bootstrap servers.</summary>
    public required string Brokers { get; init; }

    /// <summary>Npgsql connection string.</summary>
    public required string Postgres { get; init; }

    /// <summary>The incarnation of the inbound log; each development broker is a new one.</summary>
    public required string Incarnation { get; init; }

    /// <summary>Who owns the environment and ends it.</summary>
    public required ProcessIdentity Owner { get; init; }

    /// <summary>The development broker; null when a real one is used.</summary>
    public ProcessIdentity? Broker { get; init; }

    /// <summary>The node that the owner runs; null when it runs none.</summary>
    public ProcessIdentity? Node { get; init; }

    /// <summary>The path of the key file that the environment made for commands to it; null when it made none, because keys were configured or a real Kafka is used.</summary>
    public string? CommandKeyFile { get; init; }

    /// <summary>The path of the file below a folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FolderName, FileName);

    /// <summary>Reads the file of a running environment.</summary>
    /// <returns>Null when there is none, or when its owner is gone.</returns>
    public static Endpoints? Find(string folder)
    {
        string path = PathIn(folder);
        Endpoints? endpoints;
        try
        {
            endpoints = JsonSerializer.Deserialize<Endpoints>(File.ReadAllBytes(path), s_json);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new CommandFailedException($"{path} is damaged: {JsonComplaint.Of(exception)}", "If no 'physio up' runs, delete it.");
        }

        return endpoints is { Version: CurrentVersion, Owner.IsRunning: true } ? endpoints : null;
    }

    /// <summary>Writes the file. Readers see the old or the new one, never a part.</summary>
    public void Write(string folder)
    {
        string path = PathIn(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string next = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        // A local database may be named without a password, and yet is nobody else's business.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(next, options))
            JsonSerializer.Serialize(stream, this, s_json);
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Removes the file.</summary>
    public static void Remove(string folder) => File.Delete(PathIn(folder));
}
