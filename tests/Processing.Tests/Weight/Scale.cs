using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Weight;

/// <summary>A person on a scale: hands weighings to the service and keeps the state.</summary>
internal sealed class Scale(WeightConfiguration? configuration = null)
{
    public const long DayMs = 86_400_000;
    public const long Start = 1_750_000_000_000;

    public WeightConfiguration Configuration { get; } = configuration ?? WeightConfiguration.Standard;

    public WeightState State { get; set; } = WeightState.Empty;

    public WeightResult Weigh(double day, double kilograms, WeightSource source = WeightSource.PatientScale, bool confirmed = false, WeightUnit unit = WeightUnit.Kilogram) =>
        Take(At(day, kilograms, source) with { IsConfirmed = confirmed, WrittenIn = unit });

    public WeightResult Take(in WeightMeasurement measurement)
    {
        WeightStep step = WeightService.Handle(State, measurement, Configuration);
        State = step.State;
        return step.Result;
    }

    /// <summary>Weighs each morning so many days, a little above and below a level.</summary>
    public Scale Settled(double level, int days = 10)
    {
        double[] around = [0, 0.2, -0.3, 0.1, -0.1, 0.3, -0.2];
        for (int day = 0; day < days; day++)
            Weigh(day, level + around[day % around.Length]);
        return this;
    }

    public static WeightMeasurement At(double day, double kilograms, WeightSource source = WeightSource.PatientScale) => new(Start + (long)(day * DayMs), kilograms, source);

    public static byte[] Bytes(WeightState state)
    {
        PayloadWriter writer = new();
        state.Encode(writer);
        return writer.Written.ToArray();
    }

    public static WeightState Decode(byte[] bytes)
    {
        PayloadReader reader = new(bytes);
        WeightState state = WeightState.Decode(ref reader);
        Assert.True(reader.AtEnd);
        return state;
    }
}
