using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>Finds the pulse waves of one stream.</summary>
internal sealed class PulseAnalysis
{
    /// <summary>About how many bytes of memory it takes; measured.</summary>
    internal const int ApproximateBytes = 5_000;

    private readonly PulseDetector _detector;
    private readonly long _beginning;
    private SampleClock _clock;

    internal PulseAnalysis(WaveformStream stream, PulseKind kind, long startUs)
        : this(new SampleClock(startUs, stream.RateMilliHz), new PulseDetector(kind, stream.RateMilliHz / 1000.0), stream.Beginnings)
    {
    }

    private PulseAnalysis(SampleClock clock, PulseDetector detector, long beginning) => (_clock, _detector, _beginning) = (clock, detector, beginning);

    /// <summary>The newest wave; null before the first.</summary>
    internal PulseBeat? Newest { get; private set; }

    internal bool IsOf(WaveformStream stream) => stream.Beginnings == _beginning;

    internal void Advance(WaveformStream stream, long toUs, RhythmMonitor? rhythm)
    {
        int count = _clock.Take(toUs, out long first);
        long sample = stream.SampleAt(_clock.TimeUs(first) - _clock.HalfUs);
        for (int i = 0; i < count; i++)
        {
            if (!_detector.Push(stream[sample + i], out PulseBeat beat))
                continue;
            Newest = beat;
            rhythm?.Pulse(_detector.Kind, _clock.TimeMs(beat.Sample), _clock.TimeMs(beat.DecidedAt), beat);
        }
    }

    internal void Encode(PayloadWriter writer)
    {
        writer.Unsigned((ulong)_beginning);
        _clock.Encode(writer);
        _detector.Encode(writer);
        writer.Boolean(Newest is not null);
        if (Newest is not { } beat)
            return;
        writer.Signed(beat.Sample);
        writer.Signed(beat.DecidedAt);
        writer.Double(beat.Quality);
        writer.Double(beat.Systolic);
        writer.Double(beat.Diastolic);
        writer.Double(beat.Mean);
    }

    internal static PulseAnalysis Decode(ref PayloadReader reader)
    {
        long beginning = (long)reader.Unsigned();
        SampleClock clock = SampleClock.Decode(ref reader);
        return new(clock, PulseDetector.Decode(ref reader), beginning)
        {
            Newest = reader.Boolean() ? new PulseBeat(reader.Signed(), reader.Signed(), reader.Double(), reader.Double(), reader.Double(), reader.Double()) : null,
        };
    }
}
