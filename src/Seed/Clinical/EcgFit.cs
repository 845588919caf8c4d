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
/// since what it learns while it runs depends on its weights. Also with each record left out, for figures on records that the weights have not seen.
/// </summary>
/// <param name="records">The records.</param>
/// <param name="leads">How many leads the classes are judged by.</param>
/// <param name="tell">Hears of progress.</param>
internal sealed class EcgFit(IReadOnlyList<EcgAnnotatedRecord> records, int leads, Action<string> tell)
{
    private const int CandidateRounds = 4;
    private const int ClassRounds = 6;
    private const double CandidateRidge = 1;
    private const double ClassRidge = 3;
    private const double LabelSeconds = 0.14;
    private const double StartSeconds = 10;

    /// <summary>How far a record with many beats of a class counts less for each: to the power of this.</summary>
    public double Balance { get; init; } = 0.1;

    /// <summary>Taken from the logarithm of odds, since a false ventricular beat is worse than a missed one.</summary>
    public double Caution { get; init; } = 0.6;

    /// <summary>Fits to all records.</summary>
    public BeatModel FitAll(BeatModel start)
    {
        BeatModel model = start;
        for (int round = 1; round <= CandidateRounds; round++)
        {
            tell($"Beats, round {round} of {CandidateRounds} ...");
            model = new BeatModel(CandidateWeights(CollectAll(model), null), model.Form, model.Class);
        }

        for (int round = 1; round <= ClassRounds; round++)
        {
            tell($"Classes, round {round} of {ClassRounds} ...");
            Collected[] collected = CollectAll(model);
            // The third weights see scores of the second: these stand still in the last rounds.
            ReadOnlySpan<double> form = round < ClassRounds - 1 ? FormWeights(collected, null) : model.Form;
            model = new BeatModel(model.Candidate, form, ClassWeights(collected, null));
        }

        return model;
    }

    /// <summary>Fits to all records but one, for each one, starting at a model of all records.</summary>
    public BeatModel[] FitLeavingOneOut(BeatModel model)
    {
        Collected[] collected = CollectAll(model);
        return [.. Enumerable.Range(0, records.Count).Select(left =>
        {
            tell($"Without {records[left].Name} ...");
            var fold = new BeatModel(CandidateWeights(collected, left), FormWeights(collected, left), model.Class);
            Collected[] again = [.. records.Select((record, i) => i == left ? new Collected() : Collect(record, fold))];
            return new BeatModel(fold.Candidate, fold.Form, ClassWeights(again, left));
        })];
    }

    private static double[] CandidateWeights(Collected[] all, int? without) =>
        LogisticRegression.Fit([.. all.Where((_, i) => i != without).SelectMany(c => c.Candidates)], CandidateRidge);

    private static double[] FormWeights(Collected[] all, int? without) =>
        LogisticRegression.Fit([.. all.Where((_, i) => i != without).SelectMany(c => c.Forms)], ClassRidge);

    private double[] ClassWeights(Collected[] all, int? without)
    {
        double[] weights = LogisticRegression.Fit([.. all.Where((_, i) => i != without).SelectMany(c => c.Classes)], ClassRidge);
        weights[0] -= Caution;
        return weights;
    }

    private Collected[] CollectAll(BeatModel model) => [.. records.Select(record => Collect(record, model))];

    private Collected Collect(EcgAnnotatedRecord record, BeatModel model)
    {
        var all = new Collected();
        // Candidates with one lead and with two, so that one set of weights holds for both; classes with as many as the model is for.
        for (int count = 1; count <= BeatDetector.MaximumLeads; count++)
        {
            var sink = new Sink();
            EcgDetection.Run(record.Record, EcgDetection.LeadsOf(record.Record, count), model, sink);
            Label(record, sink, all, count == leads);
        }

        return all;
    }

    private void Label(EcgAnnotatedRecord record, Sink sink, Collected into, bool withClasses)
    {
        double hz = record.Record.Header.SamplingHz;
        WfdbAnnotation[] beats = [.. record.Annotations.Where(a => a.IsBeat)];
        long[] samples = [.. beats.Select(b => b.Sample)];
        bool Counts(long sample) => sample >= StartSeconds * hz && !IsInFlutter(record.Annotations, sample);

        // The candidate of a beat is the nearest one.
        Dictionary<int, (int Candidate, long Distance)> nearest = [];
        for (int i = 0; i < sink.Candidates.Count; i++)
        {
            int beat = Nearest(samples, sink.Candidates[i].Sample);
            long distance = Math.Abs(samples[beat] - sink.Candidates[i].Sample);
            if (distance <= LabelSeconds * hz && (!nearest.TryGetValue(beat, out (int Candidate, long Distance) best) || distance < best.Distance))
                nearest[beat] = (i, distance);
        }

        HashSet<int> isBeat = [.. nearest.Values.Select(n => n.Candidate)];
        into.Candidates.AddRange(sink.Candidates.Select((c, i) => (c, i)).Where(p => Counts(p.c.Sample)).Select(p => new LabelledRow(p.c.Features, isBeat.Contains(p.i))));
        if (!withClasses)
            return;
        var labelled = sink.Classified.Where(c => Counts(c.Sample)).Select(c => (c, Beat: beats[Nearest(samples, c.Sample)]))
            .Where(p => Math.Abs(p.Beat.Sample - p.c.Sample) <= LabelSeconds * hz && p.Beat.Code is not (6 or 12 or 13 or 38)).ToList();
        int ventricular = labelled.Count(p => p.Beat.IsVentricular);
        double WeightOf(bool isVentricular) => Math.Pow(Math.Max(1, isVentricular ? ventricular : labelled.Count - ventricular) / 100.0, -Balance);
        into.Forms.AddRange(labelled.Select(p => new LabelledRow(p.c.Form, p.Beat.IsVentricular, WeightOf(p.Beat.IsVentricular))));
        into.Classes.AddRange(labelled.Select(p => new LabelledRow(p.c.Class, p.Beat.IsVentricular, WeightOf(p.Beat.IsVentricular))));
    }

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

    private sealed class Collected
    {
        public List<LabelledRow> Candidates { get; } = [];

        public List<LabelledRow> Forms { get; } = [];

        public List<LabelledRow> Classes { get; } = [];
    }

    private sealed class Sink : IBeatEvidence
    {
        public List<(long Sample, double[] Features)> Candidates { get; } = [];

        public List<(long Sample, double[] Form, double[] Class)> Classified { get; } = [];

        public void Candidate(long sample, ReadOnlySpan<double> features) => Candidates.Add((sample, features.ToArray()));

        public void Classification(long sample, ReadOnlySpan<double> form, ReadOnlySpan<double> @class) => Classified.Add((sample, form.ToArray(), @class.ToArray()));
    }
}
