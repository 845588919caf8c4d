using System.Text;
using PhysioActors.Seed.Commands;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Clinical;

/// <summary>Where the beats of records go: a file for each in a folder, one file, or standard output. All of it is looked at before the first record is read.</summary>
internal sealed class EcgOutput : IDisposable
{
    private const string Option = "--output";

    // What standard output is called by those who know no '-'. Opened by that name, it would be cut off where it is a file.
    private static readonly string[] s_standardOutput = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

    private readonly Dictionary<string, (string Name, OutputFile? File)> _places = new(StringComparer.Ordinal);
    private readonly TextWriter _standard;

    private EcgOutput(TextWriter standard) => _standard = standard;

    /// <summary>Looks where the beats go.</summary>
    /// <param name="given">What <c>--output</c> said: a folder, with one record also a file or standard output.</param>
    /// <param name="records">The records, all of other names.</param>
    /// <param name="json">Whether standard output is taken.</param>
    /// <param name="host">The process.</param>
    /// <param name="cancellationToken">Ends the wait for the reader of a pipe.</param>
    /// <exception cref="CommandFailedException">They cannot go there.</exception>
    public static EcgOutput Check(string given, IReadOnlyList<string> records, bool json, CommandHost host, CancellationToken cancellationToken)
    {
        bool isStandard = s_standardOutput.Contains(given, StringComparer.Ordinal);
        string path = Path.GetFullPath(given, host.Folder);
        // A pipe or a device is not told from a file by its name; a file that does not end so is refused as a folder.
        bool isFile = !isStandard && !Directory.Exists(path) && (given.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/dev/", StringComparison.Ordinal));
        if (!isStandard && !isFile)
            return CheckFolder(given, records, host);
        if (records.Count > 1)
            throw new CommandFailedException($"{records.Count} records do not go into one file, {given}.", "Give a folder as --output.", ExitCodes.Usage);
        if (isStandard && json)
            throw new CommandFailedException($"--output {given} and --json both go to standard output.", "Give a file or a folder as --output, or leave --json out.", ExitCodes.Usage);
        var output = new EcgOutput(host.Output);
        if (isFile && Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            OutputFile.MakeFolder(Option, Path.GetDirectoryName(given)!, host.Folder);
        output.Add(records[0], isStandard ? given : path, isStandard ? null : OutputFile.Check(Option, given, host.Folder, Encoding.ASCII.GetBytes(EcgDetection.Header), cancellationToken));
        return output;
    }

    /// <summary>Looks at a folder for a file for each record.</summary>
    /// <exception cref="CommandFailedException">It is none, or one of the files cannot be written.</exception>
    public static EcgOutput CheckFolder(string given, IReadOnlyList<string> records, CommandHost host)
    {
        OutputFile.MakeFolder(Option, given, host.Folder);
        var output = new EcgOutput(host.Output);
        foreach (string record in records)
        {
            string name = Path.Combine(given, Path.GetFileName(record) + ".csv");
            output.Add(record, Path.GetFullPath(name, host.Folder), OutputFile.Check(Option, name, host.Folder, Encoding.ASCII.GetBytes(EcgDetection.Header)));
        }

        return output;
    }

    /// <summary>Where a record's beats go.</summary>
    public string NameOf(string record) => _places[Path.GetFileName(record)].Name;

    /// <summary>Writes the beats of a record.</summary>
    public void Write(string record, List<EcgFoundBeat> found)
    {
        string text = EcgDetection.Text(found);
        if (_places[Path.GetFileName(record)].File is { } file)
            file.Write(stream => stream.Write(Encoding.ASCII.GetBytes(text)));
        else
            _standard.Write(text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, OutputFile? file) in _places.Values)
            file?.Dispose();
    }

    private void Add(string record, string name, OutputFile? file) => _places.Add(Path.GetFileName(record), (name, file));
}
