using System.Text.RegularExpressions;

namespace PhysioActors.Seed.Tests.Repository;

/// <summary>Keeps the repository itself tidy.</summary>
public sealed partial class TidyTests
{
    // Put together from parts, so that this file does not break its own rules.
    private static readonly (string Pattern, string Why)[] s_forbidden =
    [
        (@"\b(TO" + "DO|FIX" + "ME|XX" + @"X|HA" + @"CK)\b", "unfinished work belongs in the tracker, not in the tree"),
        ("NotImplemented" + "Exception", "what is not there is not promised"),
        ("Thread" + @"\.Sleep", "tests and code wait for events"),
        (@"(?<![\w.])/(home|Users|root|wo" + @"rk)/\w", "a path of somebody's machine"),
        (@"[A-Z]:\\Users", "a path of somebody's machine"),
        (@"\b(nu" + @"get\.org|npm" + @"js\.(org|com)|py" + @"pi\.org|proxy\.gol" + @"ang\.org|crates\.io)\b", "package registries are the machine's business"),
        (@"DateTime(Offset)?\.(Utc)?N" + @"ow\b", "time comes from a TimeProvider"),
        (@"\basync v" + @"oid\b", "nobody sees how it ends"),
    ];

    [Fact]
    public void No_file_says_what_it_should_not()
    {
        var found = new List<string>();
        foreach (string path in RepositoryFiles.Texts)
        {
            string[] lines = RepositoryFiles.Read(path).Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                foreach ((string pattern, string why) in s_forbidden)
                {
                    if (Regex.IsMatch(lines[i], pattern))
                        found.Add($"{path}:{i + 1}: {why}: {lines[i].Trim()}");
                }
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void Texts_end_with_a_line_feed_and_have_no_carriage_returns()
    {
        string[] wrong = [.. RepositoryFiles.Texts.Where(path => RepositoryFiles.Read(path) is { Length: > 0 } text && (text[^1] != '\n' || (text.Contains('\r', StringComparison.Ordinal) && !path.EndsWith(".sln", StringComparison.Ordinal))))];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_is_named_after_nothing()
    {
        string[] wrong = [.. RepositoryFiles.All.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Where(path => VagueName().IsMatch(RepositoryFiles.Read(path)))];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Scripts_are_executable()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (string script in (string[])["run", "test", "physio", ".ci/run"])
            Assert.True(File.GetUnixFileMode(Path.Combine(RepositoryFiles.Root, script)).HasFlag(UnixFileMode.UserExecute), script);
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_every_version_in_one_place()
    {
        string solution = RepositoryFiles.Read("PhysioActors.sln").Replace('\\', '/');
        string[] projects = [.. RepositoryFiles.All.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))];
        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
        Assert.All(projects, project => Assert.DoesNotMatch(@"<PackageReference[^>]*\sVersion=", RepositoryFiles.Read(project)));
    }

    [GeneratedRegex(@"\b(class|struct|record|interface)\s+\w*(Helper|Manager|Utils|Utility)\w*\b")]
    private static partial Regex VagueName();
}
