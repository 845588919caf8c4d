namespace PhysioActors.Shared.Options;

/// <summary>The section <c>Estimates</c>: filtered values and window features on a topic of their own.</summary>
public sealed record EstimatesOptions
{
    /// <summary>Whether they are published.</summary>
    public bool Enabled { get; init; } = true;

    internal static EstimatesOptions Read(OptionsReader reader) => new() { Enabled = reader.Boolean("Estimates:Enabled", new EstimatesOptions().Enabled) };
}
