using System.Diagnostics;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>Finds a patient's beats in the samples themselves: no chunks, no stream, no actor. What the engine finds must be the same.</summary>
internal sealed class EcgReference(BenchPlan plan, EcgTracks tracks)
{
    private const int BlockSamples = 4096;

    // Time is looked at in steps of so much.
    private const long StepMs = 100;

    private readonly short[] _block = new short[BlockSamples];

    /// <summary>The beats, oldest first, as they were found.</summary>
    public List<FoundBeat> Found { get; } = [];

    /// <summary>The beats in the order in which their classes were decided.</summary>
    public List<FoundBeat> Classified { get; } = [];

    /// <summary>What the detection took.</summary>
    public TimeSpan Spent { get; private set; }

    /// <summary>Finds the beats of a patient.</summary>
    /// <param name="patient">The patient.</param>
    /// <param name="endMs">When the last sample that was sent ends: what lies behind the last whole step of time before is not looked at yet.</param>
    public void Run(int patient, long endMs)
    {
        Found.Clear();
        Classified.Clear();
        var detector = new BeatDetector(1, tracks.RateMilliHz / 1000.0);
        long doneMs = endMs - (endMs % StepMs);
        long count = (((doneMs - plan.EpochMs) * tracks.RateMilliHz) + 999_999) / 1_000_000;
        Span<float> value = stackalloc float[1];
        long began = Stopwatch.GetTimestamp();
        for (long first = 0; first < count; first += BlockSamples)
        {
            Span<short> block = _block.AsSpan(0, (int)Math.Min(BlockSamples, count - first));
            tracks.CopyTo(patient, first, block);
            foreach (short sample in block)
            {
                value[0] = sample == WaveformSignals.Missing ? float.NaN : (sample - tracks.Baseline) / tracks.Gain;
                if (detector.Push(value))
                    Take(detector);
            }
        }

        Spent += Stopwatch.GetElapsedTime(began);
    }

    private void Take(BeatDetector detector)
    {
        foreach (ref readonly Beat beat in detector.Beats)
            Found.Add(new(TimeMs(beat.Sample), beat.Class, beat.IsSearchBack));
        foreach (ref readonly BeatClassification beat in detector.Classifications)
            Classified.Add(new(TimeMs(beat.Sample), beat.Class, false));
    }

    private long TimeMs(long sample) => plan.EpochMs + (sample * 1_000_000 / tracks.RateMilliHz);
}
