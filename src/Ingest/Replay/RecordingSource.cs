using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Ingest.Waveforms.Wfdb;

namespace PhysioActors.Ingest.Replay;

/// <summary>A folder that a source has, but that cannot be replayed.</summary>
/// <param name="Folder">Its name.</param>
/// <param name="Reason">Why not.</param>
public readonly record struct SkippedFolder(string Folder, string Reason);

/// <summary>Recordings of a known form.</summary>
/// <param name="Set">How to read them.</param>
/// <param name="Place">Where they lie.</param>
public readonly record struct RecordingFolder(IRecordingSet Set, RecordingPlace Place)
{
    /// <summary>The folder's path.</summary>
    public string Folder => Place.Folder;
}

/// <summary>
/// What is given as sources, mixed as one likes: folders that are sets of recordings themselves, or have sets in the folders directly below them; files of such sets; and WFDB records.
/// </summary>
public sealed class RecordingSource
{
    /// <summary>So many sources are taken at most.</summary>
    public const int MaximumSources = 10_000;

    private RecordingSource(IReadOnlyList<string> paths, List<RecordingFolder> folders, List<SkippedFolder> skipped)
    {
        Paths = paths;
        Folders = folders;
        Skipped = skipped;
    }

    /// <summary>The known forms of recordings. A folder is taken for the form whose name it has, and else for the first whose files it holds.</summary>
    public static IReadOnlyList<IRecordingSet> KnownSets { get; } =
    [
        new BidmcSet(), new Cinc2009Set(), new Cinc2019Set(), new HomePressureSet(), new IcuDemoHourlySet(), new Mimic2NumericsSet(), new Mimic3PapSet(), new StressPredictSet(), new VitalSet(), new WeightSet(), new WfdbWaveformSet(),
    ];

    /// <summary>The sources, as they were given.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The sets in them, in the order of the sources, and below one in that of the folders' names; at least one. Files of one folder are one set.</summary>
    public IReadOnlyList<RecordingFolder> Folders { get; }

    /// <summary>The folders in them that cannot be replayed, with the reason.</summary>
    public IReadOnlyList<SkippedFolder> Skipped { get; }

    /// <summary>The sources in words for a message.</summary>
    internal string Text => Paths.Count == 1 ? $"source '{Paths[0]}'" : $"sources '{Paths[0]}' and {Paths.Count - 1} more";

    /// <summary>Looks at one source. No recording is read yet.</summary>
    /// <exception cref="RecordingSourceException">It does not exist, or has no recordings of a known form; the message says what was expected.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static RecordingSource Find(string path) => Find([path]);

    /// <summary>Looks at sources: folders, files, and WFDB records (their paths with or without an ending). No recording is read yet. What is named twice, or lies in a folder that is named as well, is there once.</summary>
    /// <exception cref="RecordingSourceException">One does not exist, or has no recordings of a known form; the message says what was expected.</exception>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    public static RecordingSource Find(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count is 0 or > MaximumSources)
            throw new RecordingSourceException($"{paths.Count} sources are given; 1 to {MaximumSources} are taken.");
        List<RecordingFolder> folders = [];
        List<SkippedFolder> skipped = [];
        foreach (string path in paths)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof(paths));
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            if (!Directory.Exists(full))
                Add(folders, FindFile(path, full));
            else if (Recognise(new RecordingPlace(full)) is { } itself)
                Add(folders, new RecordingFolder(itself, new RecordingPlace(full)));
            else
                AddBelow(path, full, folders, skipped);
        }

        return new RecordingSource([.. paths], folders, skipped);
    }

    private static void AddBelow(string path, string full, List<RecordingFolder> folders, List<SkippedFolder> skipped)
    {
        bool found = false;
        foreach (string folder in Directory.EnumerateDirectories(full).Order(StringComparer.Ordinal))
        {
            RecordingPlace place = new(folder);
            IRecordingSet? set = Recognise(place);
            found |= set is not null;
            if (set is not null)
                Add(folders, new RecordingFolder(set, place));
            else
                skipped.Add(new SkippedFolder(place.Name, ReasonToSkip(place)));
        }

        if (!found)
            throw new RecordingSourceException($"The source '{path}' has no recordings of a known form, neither itself nor in a folder directly below it. {KnownForms()}");
    }

    /// <summary>A file of a set, or a WFDB record by its path with or without an ending.</summary>
    private static RecordingFolder FindFile(string path, string full)
    {
        string folder = Path.GetDirectoryName(full) ?? full;
        string header = WfdbHeader.WithoutEnding(full) + ".hea";
        if (File.Exists(header))
        {
            RecordingPlace record = Only(folder, header);
            return new RecordingFolder(Recognise(record) ?? new WfdbWaveformSet(), record);
        }

        if (!File.Exists(full))
            throw new RecordingSourceException($"The source '{path}' is neither a folder nor a file that exists, and no WFDB record (there is no '{Path.GetFileName(header)}').");
        if (Path.GetExtension(full) is ".dat" or ".mat" or ".atr")
            throw new RecordingSourceException($"The file '{path}' has no header (.hea) of its name beside it. If it belongs to a WFDB record, name the header of that.");
        RecordingPlace file = Only(folder, full);
        return Recognise(file) is { } set
            ? new RecordingFolder(set, file)
            : throw new RecordingSourceException($"The file '{path}' is no recording of a known form. {KnownForms()}");
    }

    private static RecordingPlace Only(string folder, string file) => new(folder, new HashSet<string>(StringComparer.Ordinal) { Path.GetFileName(file) });

    /// <summary>Adds a place; what is in the same folder and of the same form becomes one, so that recordings of a patient that lie in several files stay together.</summary>
    private static void Add(List<RecordingFolder> folders, RecordingFolder added)
    {
        int same = folders.FindIndex(known => known.Folder == added.Folder && known.Set.Name == added.Set.Name);
        if (same < 0)
        {
            folders.Add(added);
            return;
        }

        if (added.Place.Only is null)
            folders[same] = added;
        else if (folders[same].Place.Only is HashSet<string> files)
            files.UnionWith(added.Place.Only);
    }

    private static IRecordingSet? Recognise(RecordingPlace place) =>
        KnownSets.FirstOrDefault(s => s.Name.Equals(place.Name, StringComparison.OrdinalIgnoreCase) && s.Matches(place))
            ?? KnownSets.FirstOrDefault(s => s.Matches(place));

    private static string KnownForms() => $"Known are: {string.Join("; ", KnownSets.Select(s => $"{s.Name} ({s.Form})"))}.";

    private static string ReasonToSkip(RecordingPlace place)
    {
        if (KnownSets.FirstOrDefault(s => s.Name.Equals(place.Name, StringComparison.OrdinalIgnoreCase)) is { } expected)
            return $"it has the name of a known set but not its files ({expected.Form})";
        if (place.Files("*.hea").Any())
            return "its WFDB records have neither numerics in format 16 nor waveforms in a known signal of 50 Hz or more";
        string[] files = [.. place.Files("*").Select(file => Path.GetFileName(file))];
        if (files.Length == 0)
            return "it has no recordings of a known form, for it has no files itself, and in its folders nothing is looked for";
        string found = $"{string.Join(", ", files.Take(3))}{(files.Length > 3 ? $" and {files.Length - 3} more" : "")}";
        return $"it has no recordings of a known form, but {found}";
    }
}
