using System.Runtime.CompilerServices;

namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>What is known of the beats of one form.</summary>
internal struct FormFacts
{
    /// <summary>Beats are counted no further.</summary>
    public const int MostCounted = 1_000_000;

    private const int SlowestMean = 16;

    /// <summary>How many there were; 0 when the place is empty.</summary>
    public int Uses;

    /// <summary>The tick of the last one.</summary>
    public long LastTick;

    /// <summary>Their share of all latest beats.</summary>
    public double Share;

    /// <summary>How many of them were judged.</summary>
    public int Judged;

    /// <summary>How much earlier than expected they came, in the mean, as a part of the usual interval.</summary>
    public double Early;

    /// <summary>How ventricular each looked by itself, in the mean: a logarithm of odds.</summary>
    public double Ventricular;

    /// <summary>Their duration between steep slopes, in the mean: seconds. 0 before the first.</summary>
    public double Duration;

    /// <summary>Their area over their height, in the mean: seconds. 0 before the first.</summary>
    public double Breadth;

    /// <summary>How far the T wave points away from the QRS complex, in the mean: -1 to 1.</summary>
    public double Opposition;

    /// <summary>How large its beats are in each lead.</summary>
    public PerLead Leads;

    /// <summary>Learns from a beat that was judged.</summary>
    public void Learn(double early, double ventricular)
    {
        Judged = Math.Min(Judged + 1, MostCounted);
        double rate = 1.0 / Math.Min(SlowestMean, Judged);
        Early += rate * (early - Early);
        Ventricular += rate * (ventricular - Ventricular);
    }

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec, int leads)
    {
        codec.Integer(ref Uses, 0, MostCounted);
        codec.Integer(ref LastTick, 0, long.MaxValue / 4);
        codec.Number(ref Share);
        codec.Integer(ref Judged, 0, MostCounted);
        codec.Number(ref Early);
        codec.Number(ref Ventricular);
        codec.Number(ref Duration);
        codec.Number(ref Breadth);
        codec.Number(ref Opposition);
        for (int i = 0; i < leads; i++)
            Leads[i].Transfer(ref codec);
    }

    /// <summary>One for each lead.</summary>
    [InlineArray(BeatDetector.MaximumLeads)]
    internal struct PerLead
    {
        private FormSize _first;
    }
}
