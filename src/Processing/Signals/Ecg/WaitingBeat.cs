namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>A beat that waits for its class, which the next beat decides.</summary>
internal struct WaitingBeat
{
    /// <summary>Whether one waits.</summary>
    public bool IsWaiting;

    /// <summary>Whether no lead was clear.</summary>
    public bool IsPoor;

    /// <summary>The tick of its energy's peak.</summary>
    public long Tick;

    /// <summary>Where it is, in samples.</summary>
    public long Sample;

    /// <summary>Its form; -1 when it is not known.</summary>
    public int Form;

    /// <summary>How much earlier than expected it came, as a part of the usual interval.</summary>
    public double Early;

    /// <summary>The interval before it, over the usual one.</summary>
    public double Interval;

    /// <summary>How its short waveform differs from the dominant form.</summary>
    public double Short;

    /// <summary>How its long waveform differs from the dominant form.</summary>
    public double Long;

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec)
    {
        codec.Truth(ref IsWaiting);
        codec.Truth(ref IsPoor);
        codec.Integer(ref Tick, 0, long.MaxValue / 4);
        codec.Integer(ref Sample, 0, long.MaxValue / 4);
        codec.Integer(ref Form, -1, BeatForms.Count - 1);
        codec.Number(ref Early);
        codec.Number(ref Interval);
        codec.Number(ref Short);
        codec.Number(ref Long);
    }
}
