namespace PhysioActors.Seed.Tests.Repository;

/// <summary>The files of the repository this test was built from, without what builds and runs leave behind.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] s_left = ["bin", "obj", ".git", ".physio", "TestResults", "node_modules", ".vs", ".idea"];
    private static readonly string[] s_binary = [".png", ".jpg", ".gz", ".bin", ".model", ".v1", ".v2", ".v3", ".v4"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with slashes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Walk(new DirectoryInfo(Root)).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Texts => All.Where(path => !s_binary.Contains(Path.GetExtension(path)));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (s_left.Contains(entry.Name))
                continue;
            if (entry is DirectoryInfo below)
            {
                foreach (string path in Walk(below))
                    yield return path;
            }
            else
            {
                yield return Path.GetRelativePath(Root, entry.FullName).Replace('\\', '/');
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PhysioActors.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("PhysioActors.sln was not found above the test's folder.");
    }
}
