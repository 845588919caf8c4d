using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Waveforms;

/// <summary>What the names and units of signals in recordings mean.</summary>
internal static class WaveformNames
{
    // 98.0665 Pa (conventional, of 4 °C) and 133.322387415 Pa (ISO 80000-4, annex).
    private const double MillimetresOfMercuryInCentimetreOfWater = 98.0665 / 133.322387415;

    // Modified limb leads are named after the lead that they stand for; modified chest leads (MCL) are none of the twelve.
    private static readonly Dictionary<string, WaveformSignal> _signals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ECG"] = WaveformSignal.Ecg,
        ["MCL"] = WaveformSignal.Ecg,
        ["MCL1"] = WaveformSignal.Ecg,
        ["MCL2"] = WaveformSignal.Ecg,
        ["MCL3"] = WaveformSignal.Ecg,
        ["MCL4"] = WaveformSignal.Ecg,
        ["MCL5"] = WaveformSignal.Ecg,
        ["MCL6"] = WaveformSignal.Ecg,
        ["I"] = WaveformSignal.EcgI,
        ["MLI"] = WaveformSignal.EcgI,
        ["II"] = WaveformSignal.EcgII,
        ["MLII"] = WaveformSignal.EcgII,
        ["III"] = WaveformSignal.EcgIII,
        ["MLIII"] = WaveformSignal.EcgIII,
        ["aVR"] = WaveformSignal.EcgAvr,
        ["aVL"] = WaveformSignal.EcgAvl,
        ["aVF"] = WaveformSignal.EcgAvf,
        ["V"] = WaveformSignal.EcgV,
        ["V1"] = WaveformSignal.EcgV1,
        ["V2"] = WaveformSignal.EcgV2,
        ["V3"] = WaveformSignal.EcgV3,
        ["V4"] = WaveformSignal.EcgV4,
        ["V5"] = WaveformSignal.EcgV5,
        ["V6"] = WaveformSignal.EcgV6,
        ["PLETH"] = WaveformSignal.Pleth,
        ["PPG"] = WaveformSignal.Pleth,
        ["ABP"] = WaveformSignal.ArterialPressure,
        ["ART"] = WaveformSignal.ArterialPressure,
        ["RESP"] = WaveformSignal.Respiration,
        ["PAP"] = WaveformSignal.PulmonaryPressure,
        ["CVP"] = WaveformSignal.CentralVenousPressure,
    };

    /// <summary>The signal that a name means; <see cref="WaveformSignal.None"/> for an unknown one. ECG leads may have "ECG " before their name.</summary>
    public static WaveformSignal Find(string name)
    {
        string trimmed = name.Trim();
        if (_signals.TryGetValue(trimmed, out WaveformSignal signal))
            return signal;
        return trimmed.StartsWith("ECG ", StringComparison.OrdinalIgnoreCase) && _signals.TryGetValue(trimmed[4..].Trim(), out signal) && WaveformSignals.Get(signal).Kind == WaveformKind.Ecg
            ? signal
            : WaveformSignal.None;
    }

    /// <summary>How many of the signal's own units one unit of the recording has; 0 when it is not convertible. Signals without a physical unit are taken in any.</summary>
    public static double UnitsIn(WaveformSignal signal, string unit) => WaveformSignals.Get(signal).Unit switch
    {
        "mV" => unit switch
        {
            "mV" => 1,
            "uV" or "µV" => 0.001,
            "V" => 1000,
            _ => 0,
        },
        "mm[Hg]" => unit switch
        {
            "mmHg" or "mm[Hg]" => 1,
            "cmH2O" or "cm[H2O]" => MillimetresOfMercuryInCentimetreOfWater,
            _ => 0,
        },
        _ => 1,
    };
}
