using System.Globalization;
using System.Text;
using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Seed.Clinical;

/// <summary>A beat that was found, with its final class.</summary>
/// <param name="Beat">The beat.</param>
/// <param name="Class">Its class.</param>
internal readonly record struct EcgFoundBeat(Beat Beat, BeatClass Class);

/// <summary>Runs the detector over a record, sample by sample, as the actor does.</summary>
internal static class EcgDetection
{
    /// <summary>The first line of beats as CSV, without its end.</summary>
    public const string Header = "sample,class,confidence,decidedAt,searchBack";

    private const int BlockSamples = 4096;
    private const double EndSeconds = 3;

    /// <summary>The signals of a record that are leads of an ECG: those in mV, apart from respiration.</summary>
    /// <param name="record">The record.</param>
    /// <param name="most">So many at most.</param>
    public static int[] LeadsOf(WfdbRecord record, int most) =>
        [.. Enumerable.Range(0, record.Header.Signals.Count)
            .Where(i => record.Header.Signals[i].Units == "mV" && !record.Header.Signals[i].Description.StartsWith("RESP", StringComparison.OrdinalIgnoreCase))
            .Take(most)];

    /// <summary>Finds the beats of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="leads">The signals to use.</param>
    /// <param name="model">The weights; null for the standard ones.</param>
    /// <param name="evidence">Who sees the features; null for nobody.</param>
    /// <param name="change">Changes samples before they are pushed: the lead, the number of the first sample, the samples; null for no change.</param>
    public static List<EcgFoundBeat> Run(WfdbRecord record, int[] leads, BeatModel? model = null, IBeatEvidence? evidence = null, EcgChange? change = null)
    {
        var detector = new BeatDetector(leads.Length, record.Header.SamplingHz, model) { Evidence = evidence };
        List<EcgFoundBeat> found = new(4096);
        int classified = 0;
        var block = new float[BlockSamples * leads.Length];
        var lane = new float[BlockSamples];
        for (int from = 0; from < record.Length; from += BlockSamples)
        {
            int count = Math.Min(BlockSamples, record.Length - from);
            for (int i = 0; i < leads.Length; i++)
            {
                if (change is null)
                {
                    record.Values(leads[i], from, block.AsSpan(i), count, leads.Length);
                    continue;
                }

                record.Values(leads[i], from, lane, count);
                change(i, from, lane.AsSpan(0, count));
                for (int n = 0; n < count; n++)
                    block[(n * leads.Length) + i] = lane[n];
            }

            for (int n = 0; n < count; n++)
            {
                if (detector.Push(block.AsSpan(n * leads.Length, leads.Length)))
                    Take(detector, found, ref classified);
            }
        }

        // As after the end of any signal: a gap, before which everything is decided.
        if (detector.Skip((long)(EndSeconds * record.Header.SamplingHz)))
            Take(detector, found, ref classified);
        return found;
    }

    /// <summary>Beats as CSV, so that any program can score them.</summary>
    public static string Text(List<EcgFoundBeat> found)
    {
        var text = new StringBuilder(Header, 32 * (found.Count + 2)).Append('\n');
        foreach (EcgFoundBeat beat in found)
            text.Append(CultureInfo.InvariantCulture, $"{beat.Beat.Sample},{beat.Class},{beat.Beat.Confidence:0.000},{beat.Beat.DecidedAt},{(beat.Beat.IsSearchBack ? 1 : 0)}\n");
        return text.ToString();
    }

    private static void Take(BeatDetector detector, List<EcgFoundBeat> found, ref int classified)
    {
        foreach (Beat beat in detector.Beats)
            found.Add(new EcgFoundBeat(beat, beat.Class));
        foreach (BeatClassification classification in detector.Classifications)
        {
            found[classified] = found[classified] with { Class = classification.Class };
            classified++;
        }
    }
}

/// <summary>Changes samples of a lead, in millivolts.</summary>
/// <param name="lead">The lead.</param>
/// <param name="from">Number of the first sample.</param>
/// <param name="millivolts">The samples.</param>
internal delegate void EcgChange(int lead, int from, Span<float> millivolts);
