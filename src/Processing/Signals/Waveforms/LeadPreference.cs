using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>
/// Which ECG leads are looked at where a device shows more than two: those in which beats are large and upright in most patients. Lead II and a chest lead are what is commonly monitored for rhythm
/// (Drew and others 2004, Practice standards for electrocardiographic monitoring in hospital settings); aVR, in which all is upside down, comes last.
/// </summary>
internal static class LeadPreference
{
    private static readonly WaveformSignal[] s_order =
    [
        WaveformSignal.EcgII, WaveformSignal.EcgV, WaveformSignal.EcgV5, WaveformSignal.Ecg, WaveformSignal.EcgV4, WaveformSignal.EcgV6, WaveformSignal.EcgV3, WaveformSignal.EcgV2, WaveformSignal.EcgV1,
        WaveformSignal.EcgI, WaveformSignal.EcgIII, WaveformSignal.EcgAvf, WaveformSignal.EcgAvl, WaveformSignal.EcgAvr,
    ];

    /// <summary>All leads, the preferred first.</summary>
    internal static ReadOnlySpan<WaveformSignal> Order => s_order;

    /// <summary>The place of a lead among all: the lower, the better.</summary>
    internal static int Of(WaveformSignal lead) => Array.IndexOf(s_order, lead);
}
