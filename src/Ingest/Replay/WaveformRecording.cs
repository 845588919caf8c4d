using PhysioActors.Ingest.Waveforms;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Replay;

/// <summary>
/// Waveforms that one device recorded of one patient side by side, at one rate. Samples are kept in memory with two bytes each, once for all copies of a patient,
/// for the same reason as values are; <see cref="RecordingReport.MaximumSamples"/> bounds how much that is.
/// </summary>
public sealed class WaveformRecording : Recording
{
    /// <summary>Describes a recording.</summary>
    /// <param name="identity">Whose it is.</param>
    /// <param name="rateMilliHz">Samples of a signal in a thousand seconds.</param>
    /// <param name="channels">The signals, of equal length.</param>
    /// <exception cref="ArgumentException">There is no sample or too many signals, or the lengths differ.</exception>
    internal WaveformRecording(RecordingIdentity identity, int rateMilliHz, IReadOnlyList<WaveformChannel> channels)
        : base(identity)
    {
        if (channels.Count is 0 or > DecodedObservation.MaximumWaveforms || channels[0].Samples.IsEmpty || channels.Any(channel => channel.Samples.Length != channels[0].Samples.Length))
            throw new ArgumentException($"A recording has 1 to {DecodedObservation.MaximumWaveforms} signals of equal length.", nameof(channels));
        RateMilliHz = rateMilliHz;
        Channels = channels;
    }

    /// <summary>Samples of a signal in a thousand seconds.</summary>
    public int RateMilliHz { get; }

    /// <summary>The signals.</summary>
    public IReadOnlyList<WaveformChannel> Channels { get; }

    /// <summary>Samples of each signal.</summary>
    public int Length => Channels[0].Samples.Length;

    /// <inheritdoc/>
    public override bool IsOfWaveforms => true;

    /// <inheritdoc/>
    public override IRecordingRows Rows(TimeSpan chunk) => new Chunks(this, (int)(chunk.Ticks * (Int128)RateMilliHz / (1000 * TimeSpan.TicksPerSecond)));

    /// <summary>When a sample was taken, in milliseconds after the first, rounded down.</summary>
    private long OffsetMs(long sample) => sample * 1_000_000 / RateMilliHz;

    /// <summary>Chunks of equal numbers of samples, so that none is longer than was asked for; the last has the rest.</summary>
    private sealed class Chunks(WaveformRecording of, int samples) : IRecordingRows
    {
        public int Count { get; } = (int)((of.Length + (long)samples - 1) / samples);

        public int MostSamples => Math.Min(samples, of.Length) * of.Channels.Count;

        public long TimeMs(int row) => of.Identity.LeadMs + of.OffsetMs(Math.Min(((long)row + 1) * samples, of.Length));

        public void Fill(int row, long partMs, ObservationDraft draft)
        {
            int first = row * samples;
            int count = Math.Min(samples, of.Length - first);
            long timeMs = partMs + of.Identity.LeadMs + of.OffsetMs(first);
            for (int i = 0; i < of.Channels.Count; i++)
            {
                WaveformChannel channel = of.Channels[i];
                draft.Waveforms.Add(new(channel.Signal, of.RateMilliHz, channel.Gain, channel.Baseline, timeMs, channel.Samples.Slice(first, count)));
            }
        }
    }
}
