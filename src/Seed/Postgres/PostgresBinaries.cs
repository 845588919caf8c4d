using System.Globalization;
using System.Text.RegularExpressions;

namespace PhysioActors.Seed.Postgres;

/// <summary>The folder of PostgreSQL's programs that is used.</summary>
/// <param name="Folder">Holds initdb, pg_ctl and postgres.</param>
/// <param name="Major">Their major version.</param>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    private static readonly string[] s_needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>The program <paramref name="name"/>.</summary>
    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Finds the programs on the path and where Debian puts them: the highest version, or exactly <paramref name="major"/> when a cluster of that version is there already.</summary>
    /// <exception cref="EmbeddedPostgresException">There are none.</exception>
    public static PostgresBinaries Find(int? major = null)
    {
        PostgresBinaries[] found = [.. Candidates().Select(Describe).OfType<PostgresBinaries>().OrderByDescending(candidate => candidate.Major)];
        PostgresBinaries? chosen = found.FirstOrDefault(candidate => major is null || candidate.Major == major);
        if (chosen is not null)
            return chosen;
        string missing = string.Join(", ", s_needed);
        throw new EmbeddedPostgresException(major is { } version && found.Length > 0
            ? $"The database in the folder was made by PostgreSQL {version}, but only {string.Join(", ", found.Select(candidate => candidate.Major).Distinct())} is installed. Install it (apt-get install postgresql-{version}), or use another folder."
            : $"PostgreSQL's programs ({missing}) are neither on the path nor in /usr/lib/postgresql/*/bin. Install them (apt-get install postgresql), or name a database with --postgres.");
    }

    /// <summary>True when <see cref="Find"/> would find programs.</summary>
    public static bool Exist => Candidates().Any();

    private static IEnumerable<string> Candidates()
    {
        const string debian = "/usr/lib/postgresql";
        IEnumerable<string> path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> installed = Directory.Exists(debian) ? Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin")) : [];
        return path.Concat(installed).Where(folder => s_needed.All(name => IsThere(Path.Combine(folder, name))));
    }

    // A link may be left over from a version that was removed.
    private static bool IsThere(string program) => File.Exists(program) && (File.ResolveLinkTarget(program, returnFinalTarget: true)?.Exists ?? true);

    private static PostgresBinaries? Describe(string folder)
    {
        ProgramRun run = ProgramRun.Of(Path.Combine(folder, "postgres"), ["--version"]);
        Match match = VersionPattern().Match(run.Output);
        return run.ExitCode == 0 && match.Success ? new(folder, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) ([0-9]+)")]
    private static partial Regex VersionPattern();
}
