namespace PhysioActors.Processing.Patients.Events;

/// <summary>An observation jumped more than 30 s ahead of both its device's last time and the log: it waits until the device's next one agrees or contradicts.</summary>
/// <param name="Facts">What it said.</param>
public readonly record struct ObservationHeld(ObservationFacts Facts);
