using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>A beat of the ECG as the monitor remembers it. Times in milliseconds; what was known when is kept, so that a decision as of a time uses nothing later.</summary>
internal struct SeenBeat
{
    public long TimeMs;
    public long KnownMs;
    public long ClassifiedMs; // long.MaxValue while there is no final class.
    public long FormedMs; // long.MaxValue while the form is not known.
    public BeatClass FirstClass;
    public BeatClass FinalClass;
    public byte Confidence; // Hundredths.
    public bool IsSearchBack;
    public FormSet Forms;

    public readonly BeatClass ClassAsOf(long nowMs) => ClassifiedMs <= nowMs ? FinalClass : FirstClass;
}

/// <summary>The form of a beat in each lead that is looked at.</summary>
[System.Runtime.CompilerServices.InlineArray(RhythmMonitor.Leads)]
internal struct FormSet
{
    private BeatForm _first;
}

/// <summary>A pulse wave as the monitor remembers it.</summary>
/// <param name="TimeMs">Its foot, milliseconds.</param>
/// <param name="KnownMs">When it was decided, milliseconds.</param>
/// <param name="Quality">Hundredths.</param>
/// <param name="Amplitude">In the signal's unit.</param>
internal readonly record struct SeenPulse(long TimeMs, long KnownMs, byte Quality, float Amplitude)
{
    public bool IsGood => Quality >= 100 * Pulse.PulseDetector.GoodQuality;
}
