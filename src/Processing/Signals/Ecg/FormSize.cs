namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>How large the beats of a form are in one lead, in the mean, in the lead's own steps. All 0 before the first.</summary>
internal struct FormSize
{
    private const double Rate = 1.0 / 8;

    /// <summary>From lowest to highest.</summary>
    public double Size;

    /// <summary>Greatest slope.</summary>
    public double Slope;

    /// <summary>Peak energy.</summary>
    public double Energy;

    /// <summary>Norm of the long waveform.</summary>
    public double Norm;

    /// <summary>Learns from a beat.</summary>
    public void Learn(in LeadEvidence evidence, double norm, bool isFirst)
    {
        double rate = isFirst ? 1 : Rate;
        Size += rate * (evidence.Size - Size);
        Slope += rate * (evidence.Slope - Slope);
        Energy += rate * (evidence.Energy - Energy);
        Norm += rate * (norm - Norm);
    }

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec)
    {
        codec.Number(ref Size);
        codec.Number(ref Slope);
        codec.Number(ref Energy);
        codec.Number(ref Norm);
    }
}
