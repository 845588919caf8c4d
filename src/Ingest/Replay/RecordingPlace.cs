using System.IO.Enumeration;

namespace PhysioActors.Ingest.Replay;

/// <summary>Where recordings lie: a folder, or some files of it.</summary>
/// <param name="Folder">The folder's full path.</param>
/// <param name="Only">The names of the files that are meant; null for all of the folder.</param>
public sealed record RecordingPlace(string Folder, IReadOnlySet<string>? Only = null)
{
    /// <summary>The name of the folder.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder));

    /// <summary>The files that are meant and whose names match, in the order of their names. What lies in folders below is not among them.</summary>
    public IEnumerable<string> Files(string pattern) =>
        (Only?.Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)).Select(name => Path.Combine(Folder, name)) ?? Directory.EnumerateFiles(Folder, pattern)).Order(StringComparer.Ordinal);

    /// <summary>The folders below whose names match, in the order of their names; none where single files are meant.</summary>
    public IEnumerable<string> Folders(string pattern = "*") => Only is null ? Directory.EnumerateDirectories(Folder, pattern).Order(StringComparer.Ordinal) : [];
}
