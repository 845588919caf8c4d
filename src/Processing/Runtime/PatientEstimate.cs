using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Estimates;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Runtime;

/// <summary>Writes what a patient's filters and windows say now as a message of the estimates topic.</summary>
internal sealed class PatientEstimate
{
    private readonly EstimateWriter _writer = new();

    /// <summary>Writes; the bytes are valid until the next call.</summary>
    internal ReadOnlySpan<byte> Write(ReadOnlySpan<byte> key, PatientState state)
    {
        _writer.Begin(key, state.Sequence, state.NewestMs);
        ReadOnlySpan<SlidingWindows?> windows = state.Windows;
        for (int code = 1; code < windows.Length; code++)
        {
            if (windows[code] is not { } window)
                continue;
            LocalLevelFilter filter = state.Filter((SignalCode)code);
            _writer.Signal(
                (SignalCode)code, filter.Level, Math.Sqrt(filter.Variance),
                Figures(window, WindowSpan.Seconds30, (SignalCode)code), Figures(window, WindowSpan.Minutes2, (SignalCode)code), Figures(window, WindowSpan.Minutes10, (SignalCode)code));
        }

        return _writer.End();
    }

    private static EstimateWindow Figures(SlidingWindows window, WindowSpan span, SignalCode code)
    {
        window.Read(span, code, out WindowStatistics stats);
        return new(stats.Count, stats.Mean, stats.StandardDeviation, stats.Minimum, stats.Maximum, stats.SlopePerMinute, stats.MissingShare);
    }
}
