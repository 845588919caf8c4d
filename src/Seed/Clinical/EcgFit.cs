using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Seed.Clinical;

/// <summary>A record with its annotations.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Record">Its samples.</param>
/// <param name="Annotations">Its annotations.</param>
internal sealed record EcgAnnotatedRecord(string Name, WfdbRecord Record, IReadOnlyList<WfdbAnnotation> Annotations);

/// <summary>
/// Fits the weights of the detector to annotated records: the detector runs, its features are labelled with the annotations, weights are fitted, and so on,
/// since what it learns while it runs depends on its weights. It always begins at the same plain rules, never at weights that were fitted before:
/// so the result depends on nothing but the records, and a record that is left out has had no part in it.
/// </summary>
/// <param name="records">The records.</param>
/// <param name="leads">How many leads the classes are judged by.</param>
internal sealed class EcgFit(IReadOnlyList<EcgAnnotatedRecord> records, int leads)
{
    private const int CandidateRounds = 4;
    private const int ClassRounds = 5;
    private const double CandidateRidge = 1;
    private const double ClassRidge = 3;
    private const double LabelSeconds = 0.14;
    private const double StartSeconds = 10;

    // How far a record with many beats of a class counts less for each: to the power of this.
    private const double Balance = 0.4;

    // Taken from the logarithm of odds, since a false ventricular beat is worse than a missed one.
    private const double Caution = 0.8;

    // Of the many beats that are annotated as normal or with bundle branch block, every so manieth stands for all: it is much faster, and the weights hardly differ.
    private const int Thinning = 8;
    private const byte RightBundleBranchBlock = 3;

    private const int OneByOne = 0;
    private const int EarlyCandidate = 3;
    private const int LowEnergy = 6;
    private const int HighEnergy = 7;

    /// <summary>Fits to the records.</summary>
    /// <param name="without">Number of the record that is left out; null for none.</param>
    /// <param name="cancellationToken">Ends it at the next record.</param>
    public BeatModel Fit(int? without = null, CancellationToken cancellationToken = default)
    {
        EcgAnnotatedRecord[] used = [.. records.Where((_, i) => i != without)];
        BeatModel model = Plain();
        for (int round = 0; round < CandidateRounds; round++)
            model = new BeatModel(LogisticRegression.Fit([.. Each().SelectMany(record => Candidates(record, model))], CandidateRidge), model.Form, model.Class);
        for (int round = 1; round <= ClassRounds; round++)
        {
            Classified[] all = [.. Each().SelectMany(record => Classes(record, model))];
            // The third weights see scores of the second: these stand still in the last rounds.
            ReadOnlySpan<double> form = round < ClassRounds - 1 ? LogisticRegression.Fit([.. all.Select(c => c.Form)], ClassRidge) : model.Form;
            double[] class_ = LogisticRegression.Fit([.. all.Select(c => c.Class)], ClassRidge);
            class_[OneByOne] -= Caution;
            model = new BeatModel(model.Candidate, form, class_);
        }

        return model;

        IEnumerable<EcgAnnotatedRecord> Each()
        {
            foreach (EcgAnnotatedRecord record in used)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return record;
            }
        }
    }

    // What is not fitted: a beat has about half the energy of the usual one, more when it comes soon after another, and nothing is ventricular.
    private static BeatModel Plain()
    {
        (double[] candidate, double[] form, double[] class_) = (new double[BeatModel.CandidateFeatures], new double[BeatModel.FormFeatures], new double[BeatModel.ClassFeatures]);
        (candidate[OneByOne], candidate[EarlyCandidate], candidate[LowEnergy], candidate[HighEnergy]) = (-3, -4, 4, 4);
        (form[OneByOne], class_[OneByOne]) = (-2, -2);
        return new BeatModel(candidate, form, class_);
    }

    // With one lead and with two, so that one set of weights holds for both.
    private static IEnumerable<LabelledRow> Candidates(EcgAnnotatedRecord record, BeatModel model)
    {
        for (int count = 1; count <= BeatDetector.MaximumLeads; count++)
        {
            var sink = new Sink();
            EcgDetection.Run(record.Record, EcgDetection.LeadsOf(record.Record, count), model, sink);
            HashSet<int> isBeat = CandidatesOfBeats(record, sink);
            for (int i = 0; i < sink.Candidates.Count; i++)
            {
                if (Counts(record, sink.Candidates[i].Sample))
                    yield return new LabelledRow(sink.Candidates[i].Features, isBeat.Contains(i));
            }
        }
    }

    // The candidate of a beat is the nearest one.
    private static HashSet<int> CandidatesOfBeats(EcgAnnotatedRecord record, Sink sink)
    {
        long[] samples = [.. record.Annotations.Where(a => a.IsBeat).Select(a => a.Sample)];
        Dictionary<int, (int Candidate, long Distance)> nearest = [];
        for (int i = 0; i < sink.Candidates.Count; i++)
        {
            int beat = Nearest(samples, sink.Candidates[i].Sample);
            long distance = Math.Abs(samples[beat] - sink.Candidates[i].Sample);
            if (distance <= LabelSeconds * record.Record.Header.SamplingHz && (!nearest.TryGetValue(beat, out (int Candidate, long Distance) best) || distance < best.Distance))
                nearest[beat] = (i, distance);
        }

        return [.. nearest.Values.Select(n => n.Candidate)];
    }

    private List<Classified> Classes(EcgAnnotatedRecord record, BeatModel model)
    {
        var sink = new Sink();
        EcgDetection.Run(record.Record, EcgDetection.LeadsOf(record.Record, leads), model, sink);
        WfdbAnnotation[] beats = [.. record.Annotations.Where(a => a.IsBeat)];
        long[] samples = [.. beats.Select(b => b.Sample)];
        var labelled = sink.Classified.Where(c => Counts(record, c.Sample)).Select(c => (c, Beat: beats[Nearest(samples, c.Sample)]))
            .Where(p => Math.Abs(p.Beat.Sample - p.c.Sample) <= LabelSeconds * record.Record.Header.SamplingHz && p.Beat.Code is not (6 or 12 or 13 or 38)).ToList();
        int ventricular = labelled.Count(p => p.Beat.IsVentricular);
        double WeightOf(bool isVentricular) => Math.Pow(Math.Max(1, isVentricular ? ventricular : labelled.Count - ventricular) / 100.0, -Balance);
        List<Classified> rows = [];
        int usual = 0;
        foreach (var (c, beat) in labelled)
        {
            bool isUsual = beat.Code <= RightBundleBranchBlock;
            if (isUsual && usual++ % Thinning != 0)
                continue;
            double weight = WeightOf(beat.IsVentricular) * (isUsual ? Thinning : 1);
            rows.Add(new Classified(new LabelledRow(c.Form, beat.IsVentricular, weight), new LabelledRow(c.Class, beat.IsVentricular, weight)));
        }

        return rows;
    }

    private static bool Counts(EcgAnnotatedRecord record, long sample) => sample >= StartSeconds * record.Record.Header.SamplingHz && !IsInFlutter(record.Annotations, sample);

    private static bool IsInFlutter(IReadOnlyList<WfdbAnnotation> annotations, long sample)
    {
        bool isIn = false;
        foreach (WfdbAnnotation annotation in annotations)
        {
            if (annotation.Sample > sample)
                break;
            isIn = annotation.Code == 32 || (isIn && annotation.Code != 33);
        }

        return isIn;
    }

    private static int Nearest(long[] samples, long sample)
    {
        int at = Array.BinarySearch(samples, sample);
        if (at >= 0)
            return at;
        at = Math.Min(~at, samples.Length - 1);
        return at > 0 && sample - samples[at - 1] < Math.Abs(samples[at] - sample) ? at - 1 : at;
    }

    private readonly record struct Classified(LabelledRow Form, LabelledRow Class);

    private sealed class Sink : IBeatEvidence
    {
        public List<(long Sample, double[] Features)> Candidates { get; } = [];

        public List<(long Sample, double[] Form, double[] Class)> Classified { get; } = [];

        public void Candidate(long sample, ReadOnlySpan<double> features) => Candidates.Add((sample, features.ToArray()));

        public void Classification(long sample, ReadOnlySpan<double> form, ReadOnlySpan<double> @class) => Classified.Add((sample, form.ToArray(), @class.ToArray()));
    }
}
