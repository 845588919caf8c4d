using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Processing.Tests.Signals.Ecg;

/// <summary>Pushes leads through a detector and keeps what it says.</summary>
internal sealed class BeatRun
{
    public List<Beat> Beats { get; } = [];

    public List<BeatClassification> Classes { get; } = [];

    public static BeatRun Of(BeatDetector detector, params float[][] leads)
    {
        var run = new BeatRun();
        run.Push(detector, leads, 0, leads[0].Length);
        return run;
    }

    public void Push(BeatDetector detector, float[][] leads, int from, int to)
    {
        Span<float> sample = stackalloc float[leads.Length];
        for (int n = from; n < to; n++)
        {
            for (int i = 0; i < leads.Length; i++)
                sample[i] = leads[i][n];
            if (detector.Push(sample))
                Take(detector);
        }
    }

    public void Take(BeatDetector detector)
    {
        Beats.AddRange(detector.Beats);
        Classes.AddRange(detector.Classifications);
    }
}
