namespace PhysioActors.Shared.Options;

/// <summary>The section <c>Scoring</c>: the model and when its scores make an anomaly.</summary>
public sealed record ScoringOptions
{
    /// <summary>The model's file, as <c>physio train</c> writes it; empty for the one that comes with the program.</summary>
    public string Model { get; init; } = "";

    /// <summary>So many scores above the threshold, ...</summary>
    public int PersistenceCount { get; init; } = 10;

    /// <summary>... among so many latest ones, begin an anomaly.</summary>
    public int PersistenceOf { get; init; } = 15;

    /// <summary>Where scores come more often, the same share of the scores of so many seconds.</summary>
    public int PersistenceSeconds { get; init; } = 60;

    internal static ScoringOptions Read(OptionsReader reader)
    {
        const int longest = 64;
        var standard = new ScoringOptions();
        var options = new ScoringOptions
        {
            Model = reader.Text("Scoring:Model", standard.Model),
            PersistenceCount = reader.Integer("Scoring:PersistenceCount", standard.PersistenceCount, 1, longest),
            PersistenceOf = reader.Integer("Scoring:PersistenceOf", standard.PersistenceOf, 1, longest),
            PersistenceSeconds = reader.Integer("Scoring:PersistenceSeconds", standard.PersistenceSeconds, 0, longest),
        };
        if (options.PersistenceCount > options.PersistenceOf)
            reader.Problem("Scoring:PersistenceCount", $"at most Scoring:PersistenceOf, which is {options.PersistenceOf}");
        return options;
    }
}
