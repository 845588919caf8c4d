using System.Numerics;

namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>What is known of a lead beyond its samples: how large its beats and its noise are, and how far it can be trusted.</summary>
internal sealed class LeadLevels
{
    /// <summary>The energy of a deflection of about 0.07 mV. What is smaller is no beat, however quiet the lead is.</summary>
    public const double LeastEnergy = 20_000;

    /// <summary>No amplifier ends its range below, microvolts: half of the 5 mV that IEC 60601-2-27 demands, since recorders with less are in use.</summary>
    public const int RailMicrovolts = 2_000;

    private const double NoiseShare = 0.5;
    private const double GreatestJump = 3;
    private const double LeastClarity = 0.05;
    private const int FlatMicrovolts = 5;
    private const int SaturatedTicks = 12;
    private const double NoisyShare = 0.6;
    private const int RoughMicrovolts = 100;

    private double _initial = LeastEnergy;
    private double _noiseAtBeat;
    private int _missingTicks = int.MaxValue;
    private LeadQuality _quality = LeadQuality.Flat;

    /// <summary>Peak energies of the latest beats.</summary>
    public RecentEight Energies { get; } = new();

    /// <summary>Greatest slopes of the latest beats.</summary>
    public RecentEight Slopes { get; } = new();

    /// <summary>Sizes, from lowest to highest, of the latest beats.</summary>
    public RecentEight Sizes { get; } = new();

    /// <summary>Peak energies of the latest things that were no beats.</summary>
    public RecentEight Noises { get; } = new();

    /// <summary>The same, each over the energy of a beat, to 1 at most.</summary>
    public RecentEight Loudness { get; } = new();

    /// <summary>The usual energy of a beat.</summary>
    public double Energy => Energies.IsEmpty ? _initial : Energies.Median;

    /// <summary>1 where noise is nothing beside beats, 0.05 where it is as large.</summary>
    public double Clarity { get; private set; } = 1;

    /// <summary>1 over the usual energy of a beat.</summary>
    public double Gain { get; private set; } = 1 / LeastEnergy;

    /// <summary>Ticks since the last valid sample.</summary>
    public int MissingTicks => _missingTicks;

    /// <summary>How far the lead can be trusted.</summary>
    public LeadQuality Quality => _quality;

    /// <summary>Takes that a tick was without a valid sample.</summary>
    public void Miss() => _missingTicks = Math.Min(_missingTicks, int.MaxValue - 1) + 1;

    /// <summary>Takes that a tick had a valid sample.</summary>
    public void Arrive() => _missingTicks = 0;

    /// <summary>Sees the energy of a tick of the first seconds, when no beat is known: the largest is most of a beat.</summary>
    public void Begin(int energy)
    {
        double most = 0.7 * energy;
        if (most <= _initial)
            return;
        _initial = most;
        Judge();
    }

    /// <summary>Learns from a beat.</summary>
    public void LearnBeat(in LeadEvidence evidence)
    {
        // A single artefact must not deafen the lead.
        Energies.Add(Energies.IsEmpty ? evidence.Energy : Math.Min(evidence.Energy, GreatestJump * Energies.Median));
        Slopes.Add(evidence.Slope);
        Sizes.Add(evidence.Size);
        _noiseAtBeat = Noises.Mean;
        Judge();
    }

    /// <summary>Learns from something that was no beat. More than half a beat is not believed: learning stops where the signal is poor.</summary>
    public void LearnNoise(in LeadEvidence evidence)
    {
        Loudness.Add(Math.Min(evidence.Energy * Gain, 1));
        Noises.Add(Math.Min(evidence.Energy, NoiseShare * Energy));
        Judge();
    }

    /// <summary>Expects less, after seconds without a beat; but not so little that what was no beat before, as P waves, would become one.</summary>
    /// <param name="by">What levels are multiplied by.</param>
    /// <param name="overNoise">How far they stay above the noise that was known at the last beat.</param>
    public void Lower(double by, double overNoise)
    {
        if (Energy * by > Math.Max(LeastEnergy, overNoise * _noiseAtBeat))
        {
            _initial *= by;
            Energies.Scale(by);
            Slopes.Scale(by);
            Sizes.Scale(by);
        }

        Noises.Scale(by * by);
        Judge();
    }

    /// <summary>Looks at the last second.</summary>
    public void Look(EcgLead lead, long tick)
    {
        if (_missingTicks > BeatDetector.Rate / 2)
        {
            _quality = LeadQuality.Flat;
            return;
        }

        Span<int> x = stackalloc int[BeatDetector.Rate + EcgLead.LowDelay];
        Span<int> low = stackalloc int[BeatDetector.Rate];
        long from = tick - BeatDetector.Rate + 1;
        EcgLead.Copy(lead.X, from - EcgLead.LowDelay, x);
        EcgLead.Copy(lead.Low, from, low);
        ReadOnlySpan<int> second = x[EcgLead.LowDelay..];
        (int lowest, int highest) = Extremes(second);
        int rough = Roughness(x[..low.Length], low);
        if (highest - lowest <= FlatMicrovolts)
        {
            _quality = Math.Max(highest, -lowest) >= RailMicrovolts ? LeadQuality.Saturated : LeadQuality.Flat;
            return;
        }

        // A lead that is cut off at an end of its range for some of the time: its beats have lost their form. Whether it shows none at all is another question, asked of the whole second, with what
        // the lead showed before, where a standstill is decided (the rhythm monitor's traces).
        bool isSaturated = (highest >= RailMicrovolts || lowest <= -RailMicrovolts) && LongestAtEnd(second, lowest, highest) >= SaturatedTicks;
        // What the 20 ms boxes take away is mains hum and muscle noise, apart from a little of each QRS complex.
        bool isNoisy = Energies.IsEmpty || Loudness.Mean > NoisyShare || rough > RoughMicrovolts * EcgLead.Box * BeatDetector.Rate;
        _quality = isSaturated ? LeadQuality.Saturated : isNoisy ? LeadQuality.Noisy : LeadQuality.Good;
    }

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec)
    {
        codec.Number(ref _initial);
        codec.Number(ref _noiseAtBeat);
        codec.Integer(ref _missingTicks, 0, int.MaxValue);
        int quality = (int)_quality;
        codec.Integer(ref quality, 0, (int)LeadQuality.Saturated);
        _quality = (LeadQuality)quality;
        Energies.Transfer(ref codec);
        Slopes.Transfer(ref codec);
        Sizes.Transfer(ref codec);
        Noises.Transfer(ref codec);
        Loudness.Transfer(ref codec);
        if (codec.IsReading)
            Judge();
    }

    // Integers, so that the order in which vectors take them changes nothing.
    private static (int Lowest, int Highest) Extremes(ReadOnlySpan<int> values)
    {
        var lows = new Vector<int>(values);
        Vector<int> highs = lows;
        int n = Vector<int>.Count;
        for (; n + Vector<int>.Count <= values.Length; n += Vector<int>.Count)
        {
            var next = new Vector<int>(values[n..]);
            lows = Vector.Min(lows, next);
            highs = Vector.Max(highs, next);
        }

        (int lowest, int highest) = (int.MaxValue, int.MinValue);
        for (int i = 0; i < Vector<int>.Count; i++)
            (lowest, highest) = (Math.Min(lowest, lows[i]), Math.Max(highest, highs[i]));
        for (; n < values.Length; n++)
            (lowest, highest) = (Math.Min(lowest, values[n]), Math.Max(highest, values[n]));
        return (lowest, highest);
    }

    // How far the samples lie from the smoothed signal, in sum: no more than 250 times 10 times the bound of a sample, which 32 bits hold.
    private static int Roughness(ReadOnlySpan<int> x, ReadOnlySpan<int> low)
    {
        Vector<int> sums = default;
        int n = 0;
        for (; n + Vector<int>.Count <= x.Length; n += Vector<int>.Count)
            sums += Vector.Abs((EcgLead.Box * new Vector<int>(x[n..])) - new Vector<int>(low[n..]));
        int sum = Vector.Sum(sums);
        for (; n < x.Length; n++)
            sum += Math.Abs((EcgLead.Box * x[n]) - low[n]);
        return sum;
    }

    // At an end of its range a lead repeats its extreme value, again and again.
    private static int LongestAtEnd(ReadOnlySpan<int> values, int lowest, int highest)
    {
        int run = 0, longest = 0;
        foreach (int value in values)
        {
            bool isAtEnd = (value >= highest - 1 && highest >= RailMicrovolts) || (value <= lowest + 1 && lowest <= -RailMicrovolts);
            run = isAtEnd ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private void Judge()
    {
        Gain = 1 / Energy;
        Clarity = Math.Clamp(1 - (Noises.Mean * Gain), LeastClarity, 1);
    }
}
