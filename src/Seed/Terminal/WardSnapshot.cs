using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Seed.Terminal;

/// <summary>What the live view shows: one moment of a ward, as far as it can be seen from outside the nodes.</summary>
internal sealed record WardSnapshot
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Where the data comes from, as <c>ward simulator, seed 1</c>.</summary>
    public required string Source { get; init; }

    /// <summary>True when no real patient is behind the data.</summary>
    public required bool IsSimulated { get; init; }

    /// <summary>How long this has been watched.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How the nodes and what they need are, in a few words; null while all is well.</summary>
    public string? Trouble { get; init; }

    /// <summary>Records handled a second, over the last few seconds, ticks not counted.</summary>
    public double RatePerSecond { get; init; }

    /// <summary>Records sent and not yet durable.</summary>
    public long Lag { get; init; }

    /// <summary>Records handled so far, ticks and commands not counted.</summary>
    public long RecordsIn { get; init; }

    /// <summary>Of those: accepted.</summary>
    public long Folded { get; init; }

    /// <summary>Of those: seen before.</summary>
    public long Duplicates { get; init; }

    /// <summary>Of those: too late.</summary>
    public long Late { get; init; }

    /// <summary>Of those: refused.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Patients known.</summary>
    public int Patients { get; init; }

    /// <summary>Days of data behind <see cref="Raised"/>, summed over patients; 0 when unknown.</summary>
    public double PatientDays { get; init; }

    /// <summary>How many times faster than real ones simulated episodes come and pass; 1 for real ones.</summary>
    public double Acceleration { get; init; } = 1;

    /// <summary>Anomalies raised so far.</summary>
    public long Raised { get; init; }

    /// <summary>How far the feed has got, 0 to 1; null when it has no end.</summary>
    public double? Progress { get; init; }

    /// <summary>Anomalies that are open, most urgent first.</summary>
    public IReadOnlyList<AnomalyMessage> Active { get; init; } = [];

    /// <summary>The newest anomaly events, newest first.</summary>
    public IReadOnlyList<AnomalyMessage> Recent { get; init; } = [];

    /// <summary>Anomalies raised for a patient and a day of data; null when there is too little data to say.</summary>
    public double? AlarmsPerPatientDay => PatientDays > 0.01 ? Raised / PatientDays : null;
}
