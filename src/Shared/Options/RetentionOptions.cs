namespace PhysioActors.Shared.Options;

/// <summary>The section <c>Retention</c>.</summary>
public sealed record RetentionOptions
{
    /// <summary>Parts of the journal older than so many days are dropped, once each of their patients has a later durable snapshot. At least 2, because recovery looks a day further back than a snapshot.</summary>
    public int Days { get; init; } = 30;

    internal static RetentionOptions Read(OptionsReader reader) => new() { Days = reader.Integer("Retention:Days", new RetentionOptions().Days, 2, 36_500) };
}
