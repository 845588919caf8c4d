namespace PhysioActors.Ingest.Simulation;

/// <summary>
/// Random numbers that are the same on every machine and in every version of .NET: xoshiro256** (Blackman and Vigna 2018), its state filled by SplitMix64 (Steele, Lea, Flood 2014).
/// Only integer arithmetic, + - * / and square roots, so nothing depends on a mathematics library.
/// </summary>
internal struct SimulationRandom
{
    // The sum of four independent uniform numbers of [0, 1) has the variance 4/12.
    private const double SumSpread = 0.57735026918962573;

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Starts the stream <paramref name="stream"/> of a seed. Streams of one seed are independent.</summary>
    public SimulationRandom(ulong seed, ulong stream)
    {
        ulong state = Mix(seed) ^ Mix(stream + 0x632BE59BD9B4E019);
        _a = Next(ref state);
        _b = Next(ref state);
        _c = Next(ref state);
        _d = Next(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        ulong result = ulong.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number of [0, 1).</summary>
    public double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number of [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Uniform(double from, double to) => from + (Uniform() * (to - from));

    /// <summary>An integer of [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)(Uniform() * count);

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>A number with mean 0 and standard deviation 1, bell-shaped, never beyond ±3.5: the sum of four uniform numbers (Irwin-Hall).</summary>
    public double Bell()
    {
        ulong bits = Bits();
        int sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return ((sum / 65536.0) - (2.0 * 65535 / 65536)) / SumSpread;
    }

    /// <summary>
    /// A waiting time with mean <paramref name="mean"/>, as of events that come by chance: von Neumann's way (1951) to an exponential number without a logarithm.
    /// </summary>
    public double Waiting(double mean)
    {
        for (int whole = 0; ; whole++)
        {
            double first = Uniform();
            double last = first;
            int length = 1;
            for (double next = Uniform(); next < last; next = Uniform())
            {
                last = next;
                length++;
            }

            if ((length & 1) == 1)
                return mean * (whole + first);
        }
    }

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
