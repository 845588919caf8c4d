namespace PhysioActors.Processing.Patients.Events;

/// <summary>An observation came too late to change anything, or belongs to an earlier encounter. It is kept, and remembered as seen, but not folded.</summary>
/// <param name="Facts">What it said.</param>
public readonly record struct ObservationLate(ObservationFacts Facts);
