namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>How far the patient's usual beats differ among themselves: what is unusual for one patient is nothing in another.</summary>
internal struct UsualBeat
{
    private const double GreatestShare = 1.5;

    /// <summary>1 minus the correlation of the short waveform, in the mean.</summary>
    public double Short;

    /// <summary>1 minus the correlation of the long waveform, in the mean.</summary>
    public double Long;

    /// <summary>Distance of an interval from the usual one, as a part of it, in the mean.</summary>
    public double Spread;

    /// <summary>What is assumed of a patient that is not known yet.</summary>
    public static UsualBeat Start => new() { Short = 0.03, Long = 0.05, Spread = 0.05 };

    /// <summary>Learns from a usual beat. One that is very different moves it no further than one that is somewhat so.</summary>
    public void Learn(double rate, double @short, double @long, double? early)
    {
        Short += rate * (Math.Min(@short, GreatestShare * (Short + 0.01)) - Short);
        Long += rate * (Math.Min(@long, GreatestShare * (Long + 0.01)) - Long);
        if (early is { } distance)
            Spread += rate * (Math.Min(distance, GreatestShare * (Spread + 0.02)) - Spread);
    }

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec)
    {
        codec.Number(ref Short);
        codec.Number(ref Long);
        codec.Number(ref Spread);
    }
}
