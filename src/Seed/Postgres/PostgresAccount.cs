namespace PhysioActors.Seed.Postgres;

/// <summary>
/// The account under which PostgreSQL runs: our own, except that its programs refuse to run as root; then they run as <c>postgres</c>, which Debian's package makes.
/// </summary>
internal sealed class PostgresAccount
{
    private const string Unprivileged = "postgres";

    private static readonly string[] s_switches = ["/usr/bin/setpriv", "/bin/setpriv"];

    private readonly string? _switch;

    private PostgresAccount(string? @switch) => _switch = @switch;

    /// <summary>True when the programs run as another user than this process.</summary>
    public bool IsOther => _switch is not null;

    /// <summary>The account for this process.</summary>
    /// <exception cref="EmbeddedPostgresException">We are root and there is no account to switch to.</exception>
    public static PostgresAccount Find()
    {
        if (!Environment.IsPrivilegedProcess)
            return new(null);
        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith(Unprivileged + ":", StringComparison.Ordinal)))
            throw new EmbeddedPostgresException($"PostgreSQL refuses to run as root, and there is no user '{Unprivileged}' to run it as: install the package that makes it (apt-get install postgresql), or start as an ordinary user.");
        string? found = s_switches.FirstOrDefault(File.Exists);
        return new(found ?? throw new EmbeddedPostgresException("PostgreSQL refuses to run as root, and setpriv, which would run it as another user, is missing: apt-get install util-linux, or start as an ordinary user."));
    }

    /// <summary>Runs a program under the account.</summary>
    public Task<ProgramRun> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) => _switch is null
        ? ProgramRun.OfAsync(program, arguments, cancellationToken)
        : ProgramRun.OfAsync(_switch, [$"--reuid={Unprivileged}", $"--regid={Unprivileged}", "--clear-groups", "--", program, .. arguments], cancellationToken);

    /// <summary>Makes a folder, with its parents, that belongs to the account and is open to nobody else; one that is there becomes so.</summary>
    public async Task OwnFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException("The embedded database needs Unix; on Windows name a database with --postgres.");
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!IsOther)
            return;
        ProgramRun run = await ProgramRun.OfAsync("/bin/chown", ["--no-dereference", $"{Unprivileged}:", folder], cancellationToken);
        if (run.ExitCode != 0)
            throw new EmbeddedPostgresException($"The folder {folder} could not be given to user '{Unprivileged}': {run.Output}");
    }

    /// <summary>True when the account can get into a folder of its own. It cannot where a folder above is closed to it, as the home folder of root is.</summary>
    public async Task<bool> ReachesAsync(string folder, CancellationToken cancellationToken) =>
        !IsOther || (await RunAsync("/usr/bin/test", ["-w", folder, "-a", "-x", folder], cancellationToken)).ExitCode == 0;
}
