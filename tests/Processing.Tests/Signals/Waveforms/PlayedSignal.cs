using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>One signal of a patient from its first sample to its last, to be cut into chunks in any way.</summary>
/// <param name="Signal">What it shows.</param>
/// <param name="RateMilliHz">Samples in a thousand seconds.</param>
/// <param name="Samples">The samples, with a gain of 200.</param>
internal sealed record PlayedSignal(WaveformSignal Signal, int RateMilliHz, short[] Samples)
{
    internal const long Start = 1_760_000_000_000;
    internal const int Gain = 200;

    /// <summary>Pieces of it that the device never sent, first sample and number of samples.</summary>
    internal IReadOnlyList<(int From, int Count)> Gaps { get; init; } = [];

    /// <summary>When the first sample was taken.</summary>
    internal long StartMs { get; init; } = Start;

    internal static PlayedSignal Of(WaveformSignal signal, int rateHz, float[] values) =>
        new(signal, rateHz * 1000, [.. values.Select(value => float.IsNaN(value) ? WaveformSignals.Missing : (short)Math.Round(Gain * value))]);

    /// <summary>When a sample is due, in milliseconds rounded down, as devices tell it.</summary>
    internal long TimeMs(int sample) => StartMs + (sample * 1_000_000L / RateMilliHz);

    /// <summary>Cuts it; no chunk spans a gap.</summary>
    /// <param name="length">How many samples the next chunk has.</param>
    internal IEnumerable<WaveformChunk> Cut(Func<int> length)
    {
        for (int at = 0; at < Samples.Length;)
        {
            (int From, int Count)? inside = null;
            int end = Samples.Length;
            foreach ((int from, int count) in Gaps)
            {
                if (at >= from && at < from + count)
                    inside = (from, count);
                else if (from > at)
                    end = Math.Min(end, from);
            }

            if (inside is { } gap)
            {
                at = gap.From + gap.Count;
                continue;
            }

            end = Math.Min(end, at + length());
            yield return new(Signal, RateMilliHz, Gain, 0, TimeMs(at), Samples.AsMemory(at, end - at));
            at = end;
        }
    }

    /// <summary>Chunks of a second.</summary>
    internal IEnumerable<WaveformChunk> Seconds() => Cut(() => RateMilliHz / 1000);
}
