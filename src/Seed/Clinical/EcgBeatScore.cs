using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Seed.Clinical;

/// <summary>
/// Counts of found beats against a record's annotations, by the rule of ANSI/AAMI EC57: a found beat is matched with at most one annotated beat within the window, the learning period
/// and ventricular flutter or fibrillation (between the annotations [ and ]) do not count.
/// </summary>
internal sealed record EcgBeatScore
{
    private const byte FlutterOn = 32;
    private const byte FlutterOff = 33;

    /// <summary>Annotated beats that were found.</summary>
    public int TruePositives { get; private set; }

    /// <summary>Annotated beats that were not found.</summary>
    public int FalseNegatives { get; private set; }

    /// <summary>Found beats that are none.</summary>
    public int FalsePositives { get; private set; }

    /// <summary>Annotated ventricular beats (V, E, r).</summary>
    public int Ventricular { get; private set; }

    /// <summary>Those of them that were found and called ventricular.</summary>
    public int VentricularFound { get; private set; }

    /// <summary>All that was called ventricular, apart from fusion, paced and unclassifiable beats.</summary>
    public int CalledVentricular { get; private set; }

    /// <summary>FN and FP.</summary>
    public int Errors => FalseNegatives + FalsePositives;

    /// <summary>Share of the annotated beats that were found.</summary>
    public double Sensitivity => Share(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Share of the found beats that are annotated.</summary>
    public double PositivePredictivity => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>Share of the annotated ventricular beats that were found and called ventricular.</summary>
    public double VentricularSensitivity => Share(VentricularFound, Ventricular);

    /// <summary>Share of the beats called ventricular that are annotated as such.</summary>
    public double VentricularPredictivity => Share(VentricularFound, CalledVentricular);

    /// <summary>Adds other counts.</summary>
    public void Add(EcgBeatScore other)
    {
        TruePositives += other.TruePositives;
        FalseNegatives += other.FalseNegatives;
        FalsePositives += other.FalsePositives;
        Ventricular += other.Ventricular;
        VentricularFound += other.VentricularFound;
        CalledVentricular += other.CalledVentricular;
    }

    /// <summary>Scores one record.</summary>
    /// <param name="annotations">What is annotated.</param>
    /// <param name="found">What was found, in the order of samples.</param>
    /// <param name="samplingHz">Samples in a second.</param>
    /// <param name="learningSeconds">What begins earlier does not count.</param>
    /// <param name="windowSeconds">Farther apart is no match.</param>
    public static EcgBeatScore Of(IReadOnlyList<WfdbAnnotation> annotations, IReadOnlyList<EcgFoundBeat> found, double samplingHz, double learningSeconds, double windowSeconds)
    {
        List<(long From, long To)> flutter = FlutterOf(annotations);
        double window = windowSeconds * samplingHz, start = learningSeconds * samplingHz;
        bool Counts(long sample) => sample >= start && !flutter.Exists(span => sample >= span.From && sample <= span.To);

        WfdbAnnotation[] beats = [.. annotations.Where(a => a.IsBeat)];
        int[] matchOf = Match(beats, found, window);
        var beatOf = new int[found.Count];
        Array.Fill(beatOf, -1);
        var score = new EcgBeatScore();
        for (int i = 0; i < beats.Length; i++)
        {
            int match = matchOf[i];
            if (match >= 0)
                beatOf[match] = i;
            if (!Counts(beats[i].Sample))
                continue;
            score.TruePositives += match >= 0 ? 1 : 0;
            score.FalseNegatives += match >= 0 ? 0 : 1;
            score.Ventricular += beats[i].IsVentricular ? 1 : 0;
            score.VentricularFound += beats[i].IsVentricular && match >= 0 && found[match].Class == BeatClass.Ventricular ? 1 : 0;
        }

        for (int k = 0; k < found.Count; k++)
        {
            int beat = beatOf[k];
            bool counts = Counts(beat >= 0 ? beats[beat].Sample : found[k].Beat.Sample);
            score.FalsePositives += beat < 0 && counts ? 1 : 0;
            bool isUnscored = beat >= 0 && beats[beat].Code is 6 or 12 or 13 or 38;
            score.CalledVentricular += found[k].Class == BeatClass.Ventricular && counts && !isUnscored ? 1 : 0;
        }

        return score;
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : part / (double)whole;

    private static List<(long From, long To)> FlutterOf(IReadOnlyList<WfdbAnnotation> annotations)
    {
        List<(long From, long To)> spans = [];
        long? from = null;
        foreach (WfdbAnnotation annotation in annotations)
        {
            if (annotation.Code == FlutterOn)
            {
                from = annotation.Sample;
            }
            else if (annotation.Code == FlutterOff && from is { } begin)
            {
                spans.Add((begin, annotation.Sample));
                from = null;
            }
        }

        if (from is { } open)
            spans.Add((open, long.MaxValue));
        return spans;
    }

    // Of each annotated beat the nearest found one within the window that is not taken and not nearer to the next annotated beat; -1 without one.
    private static int[] Match(WfdbAnnotation[] beats, IReadOnlyList<EcgFoundBeat> found, double window)
    {
        var matchOf = new int[beats.Length];
        var isTaken = new bool[found.Count];
        int first = 0;
        for (int i = 0; i < beats.Length; i++)
        {
            long at = beats[i].Sample;
            while (first < found.Count && found[first].Beat.Sample < at - window)
                first++;
            int best = -1;
            for (int k = first; k < found.Count && found[k].Beat.Sample <= at + window; k++)
            {
                long distance = Math.Abs(found[k].Beat.Sample - at);
                bool isNearer = best < 0 || distance < Math.Abs(found[best].Beat.Sample - at);
                bool isOfNext = i + 1 < beats.Length && Math.Abs(beats[i + 1].Sample - found[k].Beat.Sample) < distance;
                if (!isTaken[k] && isNearer && !isOfNext)
                    best = k;
            }

            matchOf[i] = best;
            if (best >= 0)
                isTaken[best] = true;
        }

        return matchOf;
    }
}
