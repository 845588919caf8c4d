using System.Runtime.CompilerServices;

namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>A peak of the combined energy, which may be a beat.</summary>
internal struct BeatCandidate
{
    /// <summary>The tick of the peak.</summary>
    public long Tick;

    /// <summary>The tick of its largest deflection.</summary>
    public long Position;

    /// <summary>The combined energy at its peak; about 1 for a usual beat in every lead.</summary>
    public double Height;

    /// <summary>How sure it is a beat: a logarithm of odds.</summary>
    public double Score;

    /// <summary>What the leads say.</summary>
    public PerLead Leads;

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec, int leads)
    {
        codec.Integer(ref Tick, -EcgLead.Length, long.MaxValue / 4);
        codec.Integer(ref Position, -EcgLead.Length, long.MaxValue / 4);
        codec.Number(ref Height);
        codec.Number(ref Score);
        for (int i = 0; i < leads; i++)
            Leads[i].Transfer(ref codec);
    }

    /// <summary>One for each lead.</summary>
    [InlineArray(BeatDetector.MaximumLeads)]
    internal struct PerLead
    {
        private LeadEvidence _first;
    }
}
