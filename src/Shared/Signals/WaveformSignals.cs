namespace PhysioActors.Shared.Signals;

/// <summary>What kind of physiology a waveform shows: what is done with it follows from it.</summary>
public enum WaveformKind
{
    /// <summary>The heart's electrical activity.</summary>
    Ecg,

    /// <summary>A pulse in a peripheral vessel, by light.</summary>
    Pleth,

    /// <summary>A pressure in an artery.</summary>
    ArterialPressure,

    /// <summary>Kept, but not analysed.</summary>
    Other,
}

/// <summary>What is known of a waveform signal.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Name">Its name in messages.</param>
/// <param name="Unit">UCUM unit of its physical values; <c>1</c> for none.</param>
/// <param name="Kind">What is done with it.</param>
public readonly record struct WaveformSignalInfo(WaveformSignal Signal, string Name, string Unit, WaveformKind Kind);

/// <summary>The table of waveform signals, and the bounds of a chunk.</summary>
public static class WaveformSignals
{
    /// <summary>Least sampling rate that is taken, Hz.</summary>
    public const double MinimumHz = 50;

    /// <summary>Greatest sampling rate that is taken, Hz.</summary>
    public const double MaximumHz = 1000;

    /// <summary>Longest chunk, seconds. One second is recommended: nothing is decided before the chunk is here.</summary>
    public const double MaximumSeconds = 10;

    /// <summary>The sample that stands for 'no value'.</summary>
    public const short Missing = short.MinValue;

    private static readonly WaveformSignalInfo[] s_signals =
    [
        default,
        new(WaveformSignal.Ecg, "ecg", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgI, "ecg-i", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgII, "ecg-ii", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgIII, "ecg-iii", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgAvr, "ecg-avr", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgAvl, "ecg-avl", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgAvf, "ecg-avf", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgV, "ecg-v", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgV1, "ecg-v1", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgV2, "ecg-v2", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgV3, "ecg-v3", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgV4, "ecg-v4", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgV5, "ecg-v5", "mV", WaveformKind.Ecg),
        new(WaveformSignal.EcgV6, "ecg-v6", "mV", WaveformKind.Ecg),
        new(WaveformSignal.Pleth, "pleth", "1", WaveformKind.Pleth),
        new(WaveformSignal.ArterialPressure, "abp", "mm[Hg]", WaveformKind.ArterialPressure),
        new(WaveformSignal.Respiration, "resp", "1", WaveformKind.Other),
        new(WaveformSignal.PulmonaryPressure, "pap", "mm[Hg]", WaveformKind.Other),
        new(WaveformSignal.CentralVenousPressure, "cvp", "mm[Hg]", WaveformKind.Other),
    ];

    /// <summary>One more than the greatest number of a signal.</summary>
    public static int Count => s_signals.Length;

    /// <summary>What is known of a signal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the table.</exception>
    public static ref readonly WaveformSignalInfo Get(WaveformSignal signal)
    {
        ArgumentOutOfRangeException.ThrowIfZero((int)signal, nameof(signal));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)signal, s_signals.Length, nameof(signal));
        return ref s_signals[(int)signal];
    }

    /// <summary>Finds a signal by its name in UTF-8, in any case; <see cref="WaveformSignal.None"/> for an unknown one.</summary>
    public static WaveformSignal Find(ReadOnlySpan<byte> name)
    {
        for (int i = 1; i < s_signals.Length; i++)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(name, s_signals[i].Name))
                return s_signals[i].Signal;
        }

        return WaveformSignal.None;
    }
}
