namespace PhysioActors.Ingest.Tests.Support;

/// <summary>The shared recordings: the folder that PHYSIO_SHARED_DATA names, or ../shared/data beside the repository.</summary>
public static class SharedData
{
    public static string? Folder { get; } = Find();

    public static string Set(string name) => Path.Combine(Folder ?? throw new InvalidOperationException("The shared data is not there."), name);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PHYSIO_SHARED_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "PhysioActors.sln")))
                continue;
            string beside = Path.GetFullPath(Path.Combine(at.FullName, "..", "shared", "data"));
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }
}

/// <summary>A test on one of the shared sets; skipped, with the reason, where it is absent.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(params string[] sets)
    {
        if (SharedData.Folder is null)
            Skip = "The shared recordings are not there: neither ../shared/data beside the repository nor a folder in PHYSIO_SHARED_DATA.";
        else if (sets.FirstOrDefault(s => !Directory.Exists(SharedData.Set(s))) is { } absent)
            Skip = $"The shared recordings have no set '{absent}'.";
    }
}
