using PhysioActors.Ingest.Producing;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Support;

/// <summary>An observation as a test looks at it.</summary>
public sealed record Seen(string Patient, string? Device, string? Session, string? Encounter, long Sequence, long TimeMs, int IntervalMs, IReadOnlyList<DraftReading> Readings, IReadOnlyList<WaveformChunk> Waveforms)
{
    public static Seen Of(ObservationDraft draft) =>
        new(draft.Patient, draft.Device, draft.Session, draft.Encounter, draft.Sequence, draft.TimeMs, draft.IntervalMs, [.. draft.Readings], [.. draft.Waveforms.Select(chunk => chunk with { Samples = chunk.Samples.ToArray() })]);

    public double? this[SignalCode code] => Readings.Where(r => r.Code == code && r.Absent is null).Select(r => (double?)r.Value).FirstOrDefault();
}

/// <summary>Takes observations and remembers when, on the clock of the test.</summary>
public sealed class CollectingSink(TimeProvider time) : IObservationSink
{
    public List<(Seen Observation, DateTimeOffset At)> Taken { get; } = [];

    public Action<int>? OnTaken { get; init; }

    public bool WasFlushed { get; private set; }

    public long Acknowledged => Taken.Count;

    public ValueTask SendAsync(ObservationDraft draft, Action<string> waiting, CancellationToken cancellationToken)
    {
        Taken.Add((Seen.Of(draft), time.GetUtcNow()));
        OnTaken?.Invoke(Taken.Count);
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(Action<string> waiting, CancellationToken cancellationToken)
    {
        WasFlushed = true;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Collects progress at once, on the thread that reports it.</summary>
public sealed class CollectingProgress<T> : IProgress<T>
{
    public List<T> Reports { get; } = [];

    public Action<T>? OnReport { get; init; }

    public void Report(T value)
    {
        lock (Reports)
            Reports.Add(value);
        OnReport?.Invoke(value);
    }
}
