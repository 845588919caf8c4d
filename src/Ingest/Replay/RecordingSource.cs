using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Ingest.Waveforms.Wfdb;

namespace PhysioActors.Ingest.Replay;

/// <summary>A folder that a source has, but that cannot be replayed.</summary>
/// <param name="Folder">Its name.</param>
/// <param name="Reason">Why not.</param>
public readonly record struct SkippedFolder(string Folder, string Reason);

/// <summary>A folder with recordings of a known form.</summary>
/// <param name="Set">How to read it.</param>
/// <param name="Folder">Its path.</param>
public readonly record struct RecordingFolder(IRecordingSet Set, string Folder);

/// <summary>What is given as a source: a folder that is a set of recordings itself, or has sets in the folders directly below it; or a single WFDB record of waveforms.</summary>
public sealed class RecordingSource
{
    private RecordingSource(string path, List<RecordingFolder> folders, List<SkippedFolder> skipped)
    {
        Path = path;
        Folders = folders;
        Skipped = skipped;
    }

    /// <summary>The known forms of recordings. A folder is taken for the form whose name it has, and else for the first whose files it holds.</summary>
    public static IReadOnlyList<IRecordingSet> KnownSets { get; } =
    [
        new BidmcSet(), new Cinc2009Set(), new Cinc2019Set(), new IcuDemoHourlySet(), new Mimic2NumericsSet(), new Mimic3PapSet(), new StressPredictSet(), new WeightSet(), new WfdbWaveformSet(),
    ];

    /// <summary>The source.</summary>
    public string Path { get; }

    /// <summary>The sets in it, in the order of their folders' names; at least one.</summary>
    public IReadOnlyList<RecordingFolder> Folders { get; }

    /// <summary>The folders in it that cannot be replayed, with the reason.</summary>
    public IReadOnlyList<SkippedFolder> Skipped { get; }

    /// <summary>Looks at a folder, or at a WFDB record (its path with or without an ending). No recording is read yet.</summary>
    /// <exception cref="RecordingSourceException">It does not exist, or has no recordings of a known form; the message says what was expected.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static RecordingSource Find(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(full))
        {
            string record = WfdbHeader.WithoutEnding(full);
            if (File.Exists(record + ".hea"))
                return new RecordingSource(full, [new RecordingFolder(new WfdbWaveformSet(System.IO.Path.GetFileName(record)), System.IO.Path.GetDirectoryName(record)!)], []);
            throw new RecordingSourceException($"The source '{path}' is no folder{(File.Exists(full) ? " but a file, and no WFDB record: name the folder that it is in" : " that exists, and no WFDB record")}.");
        }

        if (Recognise(full) is { } itself)
            return new RecordingSource(full, [new RecordingFolder(itself, full)], []);

        List<RecordingFolder> folders = [];
        List<SkippedFolder> skipped = [];
        foreach (string folder in Directory.EnumerateDirectories(full).Order(StringComparer.Ordinal))
        {
            string name = System.IO.Path.GetFileName(folder);
            if (Recognise(folder) is { } set)
                folders.Add(new RecordingFolder(set, folder));
            else
                skipped.Add(new SkippedFolder(name, ReasonToSkip(folder)));
        }

        if (folders.Count == 0)
        {
            string forms = string.Join("; ", KnownSets.Select(s => $"{s.Name} ({s.Form})"));
            throw new RecordingSourceException($"The source '{path}' has no recordings of a known form, neither itself nor in a folder directly below it. Known are: {forms}.");
        }

        return new RecordingSource(full, folders, skipped);
    }

    private static IRecordingSet? Recognise(string folder)
    {
        string name = System.IO.Path.GetFileName(folder);
        return KnownSets.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && s.Matches(folder))
            ?? KnownSets.FirstOrDefault(s => s.Matches(folder));
    }

    private static string ReasonToSkip(string folder)
    {
        string name = System.IO.Path.GetFileName(folder);
        if (KnownSets.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } expected)
            return $"it has the name of a known set but not its files ({expected.Form})";
        return Directory.EnumerateFiles(folder, "*.hea").Any()
            ? "its WFDB records have neither numerics in format 16 nor waveforms in a known signal of 50 Hz or more"
            : "it has no recordings of a known form";
    }
}
