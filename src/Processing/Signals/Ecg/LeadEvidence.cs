namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>What one lead says about a candidate.</summary>
internal struct LeadEvidence
{
    /// <summary>Peak energy, in the lead's own steps.</summary>
    public double Energy;

    /// <summary>Greatest slope, in the lead's own steps.</summary>
    public double Slope;

    /// <summary>From lowest to highest around it, in the lead's own steps.</summary>
    public double Size;

    /// <summary>How clear the lead is, 0 where it is off.</summary>
    public double Clarity;

    /// <summary>Energy over that of the latest beats.</summary>
    public double RelativeEnergy;

    /// <summary>Slope over that of the latest beats.</summary>
    public double RelativeSlope;

    /// <summary>Size over that of the latest beats.</summary>
    public double RelativeSize;

    /// <summary>Mean energy in the 200 ms before it, over its own.</summary>
    public double Before;

    /// <summary>Correlation with the known form that fits all leads best.</summary>
    public double Correlation;

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec)
    {
        codec.Number(ref Energy);
        codec.Number(ref Slope);
        codec.Number(ref Size);
        codec.Number(ref Clarity);
        codec.Number(ref RelativeEnergy);
        codec.Number(ref RelativeSlope);
        codec.Number(ref RelativeSize);
        codec.Number(ref Before);
        codec.Number(ref Correlation);
    }
}
