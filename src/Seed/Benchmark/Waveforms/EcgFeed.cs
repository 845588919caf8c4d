using System.Text;
using Confluent.Kafka;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>Makes the chunks of a benchmark of waveforms, as protobuf. One instance serves one thread and keeps its buffers.</summary>
internal sealed class EcgFeed : IBenchFeed
{
    private readonly BenchPlan _plan;
    private readonly EcgTracks _tracks;
    private readonly string[] _names;
    private readonly short[] _samples = new short[WaveformBounds.MaximumSamples];
    private readonly ObservationWriter _writer = new();
    private readonly ObservationDraft _draft = new() { Device = "monitor", Session = "1" };

    public EcgFeed(BenchPlan plan, EcgTracks tracks)
    {
        (_plan, _tracks) = (plan, tracks);
        _names = [.. Enumerable.Range(0, plan.Patients).Select(BenchPlan.Key)];
        Keys = [.. _names.Select(Encoding.UTF8.GetBytes)];
        _draft.IntervalMs = plan.IntervalMs;
    }

    /// <inheritdoc/>
    public byte[][] Keys { get; }

    /// <summary>An observation in protobuf.</summary>
    public Headers? Headers { get; } = new() { { RecordHeaders.Type, "observation"u8.ToArray() }, { RecordHeaders.ContentType, "application/x-protobuf"u8.ToArray() } };

    /// <summary>The number of a step's first sample: those that are taken before the step begins are in steps before.</summary>
    public long First(long step) => ((step * _plan.IntervalMs * _tracks.RateMilliHz) + 999_999) / 1_000_000;

    /// <summary>Writes a chunk as protobuf; the bytes are valid until the next call. The observation has the time at which the chunk ends.</summary>
    public ReadOnlySpan<byte> Write(int patient, long step)
    {
        long first = First(step);
        Memory<short> samples = _samples.AsMemory(0, (int)(First(step + 1) - first));
        _tracks.CopyTo(patient, first, samples.Span);
        _draft.Patient = _names[patient];
        _draft.Sequence = step;
        _draft.TimeMs = _plan.TimeMs(step + 1);
        _draft.Waveforms.Clear();
        _draft.Waveforms.Add(new(WaveformSignal.EcgII, _tracks.RateMilliHz, _tracks.Gain, _tracks.Baseline, _plan.EpochMs + (first * 1_000_000 / _tracks.RateMilliHz), samples));
        return _writer.WriteProtobuf(_draft);
    }
}
