namespace PhysioActors.Processing.Weight;

/// <summary>A state and what the weighing that led to it did.</summary>
/// <param name="State">The state after the weighing.</param>
/// <param name="Result">What the weighing did.</param>
public readonly record struct WeightStep(WeightState State, WeightResult Result);

/// <summary>Body weight, filtered: a pure function from state and weighing to state and result. It knows no clock and keeps nothing.</summary>
public static class WeightService
{
    /// <summary>Takes one weighing.</summary>
    /// <param name="state">What is known so far; <see cref="WeightState.Empty"/> at first.</param>
    /// <param name="measurement">The weighing.</param>
    /// <param name="configuration">The constants of the model; those that took effect for this weighing, when it is one from a journal.</param>
    /// <returns>What is known then, and what the weighing did.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The measurement is not one; the message says why.</exception>
    /// <exception cref="ArgumentException">A constant is out of its range; the message names it.</exception>
    public static WeightStep Handle(WeightState state, in WeightMeasurement measurement, WeightConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        measurement.Validate();
        return state.With(measurement, configuration);
    }
}
