namespace PhysioActors.Processing.Patients.Events;

/// <summary>An observation was accepted into the state: each reading carries what the filter decided.</summary>
/// <param name="Facts">What it said.</param>
public readonly record struct ObservationFolded(ObservationFacts Facts);
