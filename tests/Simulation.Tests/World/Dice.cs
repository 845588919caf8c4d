namespace PhysioActors.Simulation.Tests.World;

/// <summary>The one source of chance of a run (splitmix64): equal seeds give equal runs.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 + 0x1234567;

    internal ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    internal int Below(int bound) => (int)(Next() % (ulong)bound);

    internal double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    internal bool Chance(double probability) => Unit() < probability;

    internal double Between(double low, double high) => low + (Unit() * (high - low));

    internal Dice Fork() => new(Next());
}
