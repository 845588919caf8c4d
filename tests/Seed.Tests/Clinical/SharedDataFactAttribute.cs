namespace PhysioActors.Seed.Tests.Clinical;

/// <summary>A test that needs recordings that are not part of the repository: <c>../shared/data</c> beside it, or where PHYSIO_SHARED_DATA says. Skipped, and said so, where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    private const string Variable = "PHYSIO_SHARED_DATA";

    public SharedDataFactAttribute(string set)
    {
        if (Find(set) is null)
            Skip = $"needs the recordings of '{set}' in ../shared/data, or in the folder that {Variable} names";
    }

    /// <summary>The folder of a data set; null when it is not there.</summary>
    internal static string? Find(string set)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Existing(Path.Combine(named, set));
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "PhysioActors.sln")) && at.Parent is { } above)
                return Existing(Path.Combine(above.FullName, "shared", "data", set));
        }

        return null;
    }

    private static string? Existing(string folder) => Directory.Exists(folder) ? folder : null;
}
