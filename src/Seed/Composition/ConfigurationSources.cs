using System.Collections;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>
/// Gathers what is configured, in the usual order, the later winning: the file <c>physio.json</c> (or the one named), the environment, the command line.
/// Each value keeps the name of the place where it was said.
/// </summary>
internal static class ConfigurationSources
{
    /// <summary>The file that is read from the current folder when none is named.</summary>
    public const string StandardFile = "physio.json";

    /// <summary>What an environment variable of ours begins with.</summary>
    private const string Prefix = "PHYSIO_";

    /// <summary>Variables with our prefix that are not options: they belong to tests and to the start script.</summary>
    private static readonly string[] s_notOptions = ["FAULT", "SHARED_DATA", "NO_BUILD", "REPLAY_CHECK"];

    private static readonly string[] s_notOptionPrefixes = ["TEST_"];

    /// <summary>Reads all sources.</summary>
    /// <param name="file">The file named on the command line; null for <see cref="StandardFile"/>, if it is there.</param>
    /// <param name="folder">The folder in which files are looked for.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="commandLine">Keys and values from the command line.</param>
    /// <exception cref="CommandFailedException">The file is missing or is not JSON.</exception>
    public static IReadOnlyList<OptionEntry> Read(string? file, string folder, IDictionary environment, IEnumerable<KeyValuePair<string, string>> commandLine)
    {
        var entries = new List<OptionEntry>();
        AddFile(entries, file, folder);
        AddEnvironment(entries, environment);
        foreach ((string key, string value) in commandLine)
            entries.Add(new(key, value, "command line"));
        return entries;
    }

    private static void AddFile(List<OptionEntry> entries, string? named, string folder)
    {
        string name = named ?? StandardFile;
        string path = Path.GetFullPath(name, folder);
        if (!File.Exists(path))
        {
            if (named is null && !Directory.Exists(path))
                return;
            throw new CommandFailedException($"The configuration file {name} {(Directory.Exists(path) ? "is a folder" : "does not exist")}.", "Name an existing file with --config, or leave the option out.", ExitCodes.Usage);
        }

        IConfigurationRoot root;
        try
        {
            root = new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The configuration file {name} cannot be read: {(exception.GetBaseException() is JsonException json ? JsonComplaint.Of(json) : exception.GetBaseException().Message)}", "It must be one JSON object.", ExitCodes.Usage);
        }

        foreach ((string key, string? value) in root.AsEnumerable())
        {
            // A section itself has no value; only its leaves are options.
            if (value is not null && !root.GetSection(key).GetChildren().Any())
                entries.Add(new(key, value, name));
        }
    }

    private static void AddEnvironment(List<OptionEntry> entries, IDictionary environment)
    {
        foreach (DictionaryEntry variable in environment)
        {
            string name = (string)variable.Key;
            if (variable.Value is not string value || !name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            string rest = name[Prefix.Length..];
            if (s_notOptions.Contains(rest) || s_notOptionPrefixes.Any(prefix => rest.StartsWith(prefix, StringComparison.Ordinal)))
                continue;
            // Both PHYSIO_Runtime__SnapshotEvery and PHYSIO__Runtime__SnapshotEvery are in use for other programs; take either.
            string key = rest.TrimStart('_').Replace("__", ":", StringComparison.Ordinal);
            entries.Add(new(Spelt(key), value, "environment " + name));
        }
    }

    /// <summary>A shell cannot export names with dots or hyphens, so that an underscore stands for the dots of the section Kafka and for the hyphens in names of rules.</summary>
    private static string Spelt(string key)
    {
        const string kafka = "Kafka:", rules = "Rules:";
        if (key.StartsWith(kafka, StringComparison.OrdinalIgnoreCase))
            return kafka + key[kafka.Length..].Replace('_', '.').ToLowerInvariant();
        return key.StartsWith(rules, StringComparison.OrdinalIgnoreCase) ? rules + key[rules.Length..].Replace('_', '-') : key;
    }
}
