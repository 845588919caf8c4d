namespace PhysioActors.Processing.Signals;

/// <summary>Noise of a signal as its filter sees it, in squares of the code's unit.</summary>
/// <param name="MeasurementVariance">Variance of one reading about the true level.</param>
/// <param name="InitialProcessVariance">How fast the level wanders when nothing is known of the patient yet: variance per second.</param>
/// <param name="MinimumProcessVariance">The slowest wandering that adaptation may reach, per second; above 0, so that a filter never freezes.</param>
/// <param name="MaximumProcessVariance">The fastest wandering that adaptation may reach, per second.</param>
public readonly record struct FilterParameters(
    double MeasurementVariance,
    double InitialProcessVariance,
    double MinimumProcessVariance,
    double MaximumProcessVariance);
