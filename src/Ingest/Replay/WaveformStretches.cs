using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay;

/// <summary>Samples of one signal that follow each other without a gap.</summary>
/// <param name="Signal">What they show.</param>
/// <param name="RateMilliHz">How many there are in a thousand seconds.</param>
/// <param name="Gain">Steps in one unit of the signal.</param>
/// <param name="Baseline">The step that stands for zero.</param>
/// <param name="StartMs">When the first was taken, milliseconds after the start of the recording.</param>
/// <param name="Samples">The steps, at least one; <see cref="WaveformSignals.Missing"/> where there is no value.</param>
public sealed record WaveformStretch(WaveformSignal Signal, int RateMilliHz, float Gain, int Baseline, long StartMs, ReadOnlyMemory<short> Samples)
{
    /// <summary>When a sample was taken, milliseconds after the start of the recording, rounded down.</summary>
    public long SampleMs(long sample) => StartMs + (sample * 1_000_000 / RateMilliHz);
}

/// <summary>
/// Waveforms that one device recorded of one patient, each at its own rate, from its own beginning, and with gaps. A row holds what all of them have in one interval of the recording's time;
/// intervals in which none has a sample are no rows.
/// </summary>
public sealed class WaveformStretches : Recording
{
    // A row in which a grid of samples lies may have one sample more than its length makes; so the longest rows are shorter by the longest distance of samples.
    private static readonly TimeSpan _longestRow = ReplayTimeline.LongestChunk - TimeSpan.FromSeconds(1 / WaveformSignals.MinimumHz);

    /// <summary>Describes a recording.</summary>
    /// <param name="identity">Whose it is.</param>
    /// <param name="stretches">The stretches, at least one. Two of one signal lie further apart than <see cref="ReplayTimeline.LongestChunk"/>, so that no row has both.</param>
    /// <exception cref="ArgumentException">There is no stretch, one is empty, or there are too many signals.</exception>
    internal WaveformStretches(RecordingIdentity identity, IReadOnlyList<WaveformStretch> stretches)
        : base(identity)
    {
        Signals = [.. stretches.GroupBy(stretch => stretch.Signal).Select(signal => signal.OrderBy(stretch => stretch.StartMs).ToArray())];
        if (Signals.Count is 0 or > DecodedObservation.MaximumWaveforms || stretches.Any(stretch => stretch.Samples.IsEmpty))
            throw new ArgumentException($"A recording has 1 to {DecodedObservation.MaximumWaveforms} signals with samples.", nameof(stretches));
    }

    /// <summary>The stretches of each signal, in the order of time.</summary>
    public IReadOnlyList<IReadOnlyList<WaveformStretch>> Signals { get; }

    /// <inheritdoc/>
    public override bool IsOfWaveforms => true;

    /// <inheritdoc/>
    public override IRecordingRows Rows(TimeSpan chunk) => new Intervals(this, (chunk < _longestRow ? chunk : _longestRow).Ticks);

    private sealed class Intervals : IRecordingRows
    {
        // A sample of a rate in thousandths of a hertz takes so many ticks divided by the rate.
        private const long TicksOfThousand = 1_000 * TimeSpan.TicksPerSecond;

        private readonly WaveformStretches _of;
        private readonly long _ticks;
        private readonly long[] _intervals;

        public Intervals(WaveformStretches of, long ticks)
        {
            _of = of;
            _ticks = ticks;
            SortedSet<long> intervals = [];
            foreach (WaveformStretch stretch in of.Signals.SelectMany(signal => signal))
            {
                long last = (stretch.StartMs * TimeSpan.TicksPerMillisecond) + (long)((Int128)(stretch.Samples.Length - 1) * TicksOfThousand / stretch.RateMilliHz);
                for (long interval = stretch.StartMs * TimeSpan.TicksPerMillisecond / ticks; interval <= last / ticks; interval++)
                    intervals.Add(interval);
            }

            _intervals = [.. intervals];
            MostSamples = of.Signals.Sum(signal => (int)Math.Min(signal.Max(stretch => stretch.Samples.Length), (long)((Int128)ticks * signal[0].RateMilliHz / TicksOfThousand) + 1));
        }

        public int Count => _intervals.Length;

        public int MostSamples { get; }

        public long TimeMs(int row)
        {
            long endMs = 0;
            foreach (IReadOnlyList<WaveformStretch> signal in _of.Signals)
            {
                if (Find(signal, row, out _, out int end) is { } stretch)
                    endMs = Math.Max(endMs, stretch.SampleMs(end));
            }

            // The last sample may reach into the next interval.
            return _of.Identity.LeadMs + Math.Min(endMs, (_intervals[row] + 1) * _ticks / TimeSpan.TicksPerMillisecond);
        }

        public void Fill(int row, long partMs, ObservationDraft draft)
        {
            foreach (IReadOnlyList<WaveformStretch> signal in _of.Signals)
            {
                if (Find(signal, row, out int first, out int end) is { } stretch)
                    draft.Waveforms.Add(new(stretch.Signal, stretch.RateMilliHz, stretch.Gain, stretch.Baseline, partMs + _of.Identity.LeadMs + stretch.SampleMs(first), stretch.Samples[first..end]));
            }
        }

        /// <summary>The stretch that has samples in a row, and which.</summary>
        private WaveformStretch? Find(IReadOnlyList<WaveformStretch> signal, int row, out int first, out int end)
        {
            long from = _intervals[row] * _ticks;
            int low = 0;
            for (int high = signal.Count - 1; low < high;)
            {
                int middle = (low + high + 1) / 2;
                if (signal[middle].StartMs * TimeSpan.TicksPerMillisecond < from + _ticks)
                    low = middle;
                else
                    high = middle - 1;
            }

            WaveformStretch stretch = signal[low];
            first = SamplesBefore(stretch, from);
            end = SamplesBefore(stretch, from + _ticks);
            return end > first ? stretch : null;
        }

        /// <summary>How many samples of a stretch were taken before a time.</summary>
        private static int SamplesBefore(WaveformStretch stretch, long ticks)
        {
            long after = ticks - (stretch.StartMs * TimeSpan.TicksPerMillisecond);
            return after <= 0 ? 0 : (int)Int128.Min(stretch.Samples.Length, (((Int128)after * stretch.RateMilliHz) + TicksOfThousand - 1) / TicksOfThousand);
        }
    }
}
