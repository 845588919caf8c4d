namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>
/// The weights with which a <see cref="BeatDetector"/> judges: three logistic regressions, each a sum of features times weights that stands for the logarithm of odds.
/// They hold for every patient, record and sampling rate; what is particular to a patient is learned while the signal runs.
/// </summary>
/// <remarks>
/// The standard weights were fitted to 22 records of the MIT-BIH Arrhythmia Database by <c>physio ecg fit</c>, which begins at plain rules; docs/clinical/ecg.md has their figures, also with each record left out.
/// </remarks>
public sealed class BeatModel
{
    /// <summary>Features of a candidate, of which the first weights say whether it is a beat.</summary>
    public const int CandidateFeatures = 17;

    /// <summary>Features of a beat, of which the second weights say whether it looks ventricular by itself.</summary>
    public const int FormFeatures = 52;

    /// <summary>Features of a beat among those of its form, of which the third weights say whether it is ventricular.</summary>
    public const int ClassFeatures = 8;

    private static readonly BeatModel s_oneLead = new(BeatModelWeights.Candidate, BeatModelWeights.FormInOneLead, BeatModelWeights.ClassInOneLead);
    private static readonly BeatModel s_twoLeads = new(BeatModelWeights.Candidate, BeatModelWeights.FormInTwoLeads, BeatModelWeights.ClassInTwoLeads);

    private readonly double[] _candidate;
    private readonly double[] _form;
    private readonly double[] _class;

    /// <summary>Makes a model of weights.</summary>
    /// <exception cref="ArgumentException">There are more or fewer weights than features, or one is not finite.</exception>
    public BeatModel(ReadOnlySpan<double> candidate, ReadOnlySpan<double> form, ReadOnlySpan<double> @class)
    {
        _candidate = Checked(candidate, CandidateFeatures, nameof(candidate));
        _form = Checked(form, FormFeatures, nameof(form));
        _class = Checked(@class, ClassFeatures, nameof(@class));
    }

    /// <summary>The model that is used unless another is given: one lead shows less of a beat's form than two, so classes have weights of their own.</summary>
    /// <param name="leads">How many leads the detector takes.</param>
    public static BeatModel StandardFor(int leads) => leads == 1 ? s_oneLead : s_twoLeads;

    /// <summary>Weights of the features of a candidate.</summary>
    public ReadOnlySpan<double> Candidate => _candidate;

    /// <summary>Weights of the features of a beat by itself.</summary>
    public ReadOnlySpan<double> Form => _form;

    /// <summary>Weights of the features of a beat among those of its form.</summary>
    public ReadOnlySpan<double> Class => _class;

    internal static double Score(double[] weights, ReadOnlySpan<double> features)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
            sum += weights[i] * features[i];
        return sum;
    }

    internal double ScoreCandidate(ReadOnlySpan<double> features) => Score(_candidate, features);

    internal double ScoreForm(ReadOnlySpan<double> features) => Score(_form, features);

    internal double ScoreClass(ReadOnlySpan<double> features) => Score(_class, features);

    private static double[] Checked(ReadOnlySpan<double> weights, int count, string name)
    {
        if (weights.Length != count)
            throw new ArgumentException($"{weights.Length} weights were given, there are {count} features.", name);
        foreach (double weight in weights)
        {
            if (!double.IsFinite(weight))
                throw new ArgumentException("A weight is not finite.", name);
        }

        return weights.ToArray();
    }
}
