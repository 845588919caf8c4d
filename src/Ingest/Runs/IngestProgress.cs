namespace PhysioActors.Ingest.Runs;

/// <summary>How far a run has got.</summary>
/// <param name="Sent">Observations handed over for delivery.</param>
/// <param name="Acknowledged">Observations that the broker has acknowledged.</param>
/// <param name="RatePerSecond">Observations sent in a second since the progress before.</param>
/// <param name="EventTime">Event time of the observation sent last.</param>
/// <param name="Fraction">The share of the run that is done, 0 to 1; null for a run without end.</param>
/// <param name="Waiting">Why nothing is sent just now; null while it is.</param>
public sealed record IngestProgress(long Sent, long Acknowledged, double RatePerSecond, DateTimeOffset EventTime, double? Fraction, string? Waiting);
