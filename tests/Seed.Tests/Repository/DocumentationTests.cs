using System.CommandLine;
using System.Text.RegularExpressions;
using PhysioActors.Seed.Commands;

namespace PhysioActors.Seed.Tests.Repository;

/// <summary>Keeps the documents true: their links lead somewhere, and the commands they show exist.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Documents() => [.. RepositoryFiles.All.Where(path => path.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(document)!;
        foreach (Match link in Link().Matches(WithoutCode(RepositoryFiles.Read(document))))
        {
            string target = link.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                continue;
            string[] parts = target.Split('#', 2);
            string path = parts[0].Length == 0 ? document : Path.GetRelativePath(RepositoryFiles.Root, Path.GetFullPath(Path.Combine(RepositoryFiles.Root, folder, parts[0]))).Replace('\\', '/');
            Assert.True(RepositoryFiles.Exists(path), $"{document} links to {target}, which does not exist.");
            if (parts.Length == 2 && path.EndsWith(".md", StringComparison.Ordinal))
                Assert.True(Anchors(path).Contains(parts[1]), $"{document} links to {target}, but {path} has no such heading.");
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_exist_as_shown(string document)
    {
        using var host = new TestHost();
        RootCommand root = PhysioCommandLine.Create(host.ToHost());
        foreach (string shown in Commands(RepositoryFiles.Read(document)))
        {
            ParseResult parse = root.Parse(Split(shown));
            Assert.True(parse.Errors.Count == 0, $"{document} shows 'physio {shown}': {string.Join(' ', parse.Errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public void The_readme_shows_commands() => Assert.True(Commands(RepositoryFiles.Read("README.md")).Count() > 5);

    [Fact]
    public void Every_command_is_documented_for_operators()
    {
        using var host = new TestHost();
        string operations = RepositoryFiles.Read("docs/operations.md");
        Assert.All(PhysioCommandLine.Create(host.ToHost()).Subcommands.Where(command => !command.Hidden), command => Assert.Contains($"`physio {command.Name}", operations, StringComparison.Ordinal));
    }

    /// <summary>The arguments of every call of the program in a document's code blocks.</summary>
    private static IEnumerable<string> Commands(string text)
    {
        foreach (Match block in CodeBlock().Matches(text))
        {
            string joined = block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal);
            foreach (string line in joined.Split('\n'))
            {
                Match call = Call().Match(line.TrimEnd());
                if (!call.Success)
                    continue;
                string arguments = call.Groups["arguments"].Value.Trim();
                yield return call.Groups["script"].Value == "run" ? ("run " + arguments).Trim() : arguments;
            }
        }
    }

    private static IReadOnlyList<string> Split(string arguments) => [.. Word().Matches(arguments).Select(word => word.Value.Trim('\'', '"'))];

    private static string WithoutCode(string text) => CodeBlock().Replace(text, "");

    private static HashSet<string> Anchors(string path) =>
        [.. Heading().Matches(WithoutCode(RepositoryFiles.Read(path))).Select(heading => NotInAnchor().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```[a-z]*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    // Up to a comment, a pipe, a redirection or the next command.
    [GeneratedRegex(@"^(\$ )?([A-Z_]+=\S+ )*\./(?<script>physio|run)(?<arguments>( [^#|>&;]*)?)([#|>&;].*)?$")]
    private static partial Regex Call();

    [GeneratedRegex(@"'[^']*'|""[^""]*""|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
