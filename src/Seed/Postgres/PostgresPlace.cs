namespace PhysioActors.Seed.Postgres;

/// <summary>Where an embedded cluster keeps its things. All folders are closed to other users, which is why the socket needs no password.</summary>
/// <param name="Folder">The folder itself, links resolved.</param>
internal sealed record PostgresPlace(string Folder)
{
    // sockaddr_un has room for 108 bytes with the terminating zero.
    private const int LongestSocketPath = 107;

    private const string SocketFile = "/.s.PGSQL.5432";

    private string SocketLink => Path.Combine(Folder, "socket");

    /// <summary>The cluster's data.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>Data that is being made; becomes <see cref="Data"/> when it is complete.</summary>
    public string Unfinished => Path.Combine(Folder, "data.unfinished");

    /// <summary>The file in which a server says that it runs, its process id first.</summary>
    public string ProcessFile => Path.Combine(Data, "postmaster.pid");

    /// <summary>The server's messages.</summary>
    public string Log => Path.Combine(Folder, "server.log");

    /// <summary>The folder of the socket of a server that runs.</summary>
    public string Socket => new DirectoryInfo(SocketLink).LinkTarget ?? SocketLink;

    /// <summary>
    /// Prepares <paramref name="folder"/>. Where the server's account cannot get into it (we are root and the folder lies in root's home), the files go to a private folder with a name that cannot be guessed
    /// in the machine's folder for temporary files that outlive a restart, and <paramref name="folder"/> becomes a link to it.
    /// </summary>
    public static async Task<PostgresPlace> PrepareAsync(string folder, PostgresAccount account, CancellationToken cancellationToken)
    {
        string wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        Directory.CreateDirectory(Path.GetDirectoryName(wanted)!);
        var link = new DirectoryInfo(wanted);
        if (link.LinkTarget is not null && link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target)
            return await CheckedAsync(target.FullName, account, cancellationToken);
        if (link.LinkTarget is not null)
            File.Delete(wanted); // What it pointed to was cleaned away: a new cluster begins.

        bool isNew = !Directory.Exists(wanted) || !Directory.EnumerateFileSystemEntries(wanted).Any();
        await account.OwnFolderAsync(wanted, cancellationToken);
        if (await account.ReachesAsync(wanted, cancellationToken))
            return new(wanted);
        if (!isNew)
            throw Unreachable(wanted);

        string elsewhere = NewPrivateFolder(persistent: true);
        await account.OwnFolderAsync(elsewhere, cancellationToken);
        if (!await account.ReachesAsync(elsewhere, cancellationToken))
            throw Unreachable(elsewhere);
        Directory.Delete(wanted);
        Directory.CreateSymbolicLink(wanted, elsewhere);
        return new(elsewhere);
    }

    /// <summary>Makes the folder of the socket for a server about to start: inside <see cref="Folder"/> where the path is short enough for a socket, else a private temporary one that a link points to.</summary>
    public async Task<string> PrepareSocketAsync(PostgresAccount account, CancellationToken cancellationToken)
    {
        RemoveSocket();
        string folder = SocketLink;
        if (System.Text.Encoding.UTF8.GetByteCount(folder + SocketFile) > LongestSocketPath)
        {
            folder = NewPrivateFolder(persistent: false);
            if (System.Text.Encoding.UTF8.GetByteCount(folder + SocketFile) > LongestSocketPath)
                throw new EmbeddedPostgresException($"The path {folder} is too long for a socket ({LongestSocketPath} bytes with the name of the socket): let TMPDIR name a folder with a shorter path.");
            File.CreateSymbolicLink(SocketLink, folder);
        }

        await account.OwnFolderAsync(folder, cancellationToken);
        return await account.ReachesAsync(folder, cancellationToken) ? folder : throw Unreachable(folder);
    }

    /// <summary>Removes the files by which a server that has ended unasked still seems to run.</summary>
    public void RemoveTraces()
    {
        File.Delete(ProcessFile);
        File.Delete(Socket + SocketFile);
        File.Delete(Socket + SocketFile + ".lock");
    }

    /// <summary>Removes the folder of the socket of a server that does not run.</summary>
    public void RemoveSocket()
    {
        string socket = Socket;
        if (Directory.Exists(socket))
            Directory.Delete(socket, recursive: true);
        if (new DirectoryInfo(SocketLink).LinkTarget is not null)
            File.Delete(SocketLink);
    }

    private static async Task<PostgresPlace> CheckedAsync(string folder, PostgresAccount account, CancellationToken cancellationToken) =>
        await account.ReachesAsync(folder, cancellationToken) ? new(folder) : throw Unreachable(folder);

    private static EmbeddedPostgresException Unreachable(string folder) => new(
        $"PostgreSQL does not run as root, and the user it runs as cannot get into {folder}: choose a folder that all users can pass through, or start as an ordinary user.");

    private static string OwnFolderIn(string parent)
    {
        string folder = Path.Combine(parent, "physio-postgres-" + Path.GetRandomFileName());
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    private static string NewPrivateFolder(bool persistent)
    {
        // Files in /var/tmp are kept over restarts of the machine, files in /tmp need not be.
        const string lasting = "/var/tmp";
        if (!persistent || !Directory.Exists(lasting))
            return Directory.CreateTempSubdirectory("physio-").FullName;
        return OwnFolderIn(lasting);
    }
}
