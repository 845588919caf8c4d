using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>How often somebody weighs.</summary>
internal enum WeighingHabit
{
    /// <summary>Every morning, give or take an hour.</summary>
    Daily,

    /// <summary>Every three to seven days.</summary>
    Sparse,

    /// <summary>Every morning, but for a pause of two weeks, within which the weight changes.</summary>
    AfterPause,
}

/// <summary>
/// A person whose true weight is known, from a seed: 50 to 120 kg, a level that walks by 0.14 to 0.5 kg a day (as a standard deviation, for 80 kg) and scatter of 0.25 to 0.5 kg about it.
/// With these, errors of predicting the next weighing are as large as those on the recordings in docs/clinical/weight.md. Scales show tenths.
/// </summary>
internal sealed class SimulatedPerson
{
    private const long StartMs = 1_750_000_000_000;
    private const double DayMs = 86_400_000;

    private readonly Random _random;
    private readonly WeighingHabit _habit;
    private readonly double _walk;
    private readonly double _scatter;

    /// <summary>Another seed is another person.</summary>
    public SimulatedPerson(int seed, WeighingHabit habit)
    {
        (_random, _habit) = (new Random(seed), habit);
        Level = 50 + (70 * _random.NextDouble());
        double size = Level / 80;
        _walk = size * (0.14 + (0.36 * _random.NextDouble()));
        _scatter = size * (0.25 + (0.25 * _random.NextDouble()));
        Gains = _random.Next(2) == 0;
    }

    /// <summary>The true weight now, shift and all, kg.</summary>
    public double Level { get; private set; }

    /// <summary>Whether this person gains or loses, where one of them is to happen.</summary>
    public bool Gains { get; }

    /// <summary>Time of the newest weighing, days.</summary>
    public double Day { get; private set; }

    /// <summary>The state of the service.</summary>
    public WeightState State { get; private set; } = WeightState.Empty;

    /// <summary>Lets time go on to the next weighing.</summary>
    /// <param name="shift">The kilograms of change between two days, besides the walk.</param>
    /// <param name="pauseDays">Days without a weighing before the usual ones.</param>
    public void Wait(Func<double, double, double> shift, double pauseDays = 0)
    {
        double days = pauseDays + (_habit == WeighingHabit.Sparse ? 3 + (4 * _random.NextDouble()) : 1 + ((_random.NextDouble() - 0.5) / 12));
        Level += (_walk * Math.Sqrt(days) * Normal()) + shift(Day, Day + days);
        Day += days;
    }

    /// <summary>Weighs, and hands the weighing to the service.</summary>
    public WeightResult Weigh(WeightConfiguration configuration) => Hand(Reading(), configuration);

    /// <summary>What the scale shows now, kg.</summary>
    public double Reading() => Math.Round(Level + (_scatter * Normal()), 1);

    /// <summary>Hands any reading to the service as if it were this person's.</summary>
    public WeightResult Hand(double kilograms, WeightConfiguration configuration, double earlierDays = 0)
    {
        var measurement = new WeightMeasurement(StartMs + (long)((Day - earlierDays) * DayMs), kilograms, WeightSource.PatientScale);
        (State, WeightResult result) = WeightService.Handle(State, measurement, configuration);
        return result;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
