using System.Text;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Waveforms.Vital;

/// <summary>
/// What the names of tracks mean: those that Vital Recorder gives to the values of Philips IntelliVue monitors (ECG_HR, ABP_SYS), those of the public VitalDB data set (Solar8000/ART_SBP, SNUADC/ECG_II),
/// and, for other names, the monitor type that the format itself defines.
/// </summary>
internal static class VitalNames
{
    /// <summary>The rank of a track that is known by its monitor type alone.</summary>
    private const int ByMeaning = 9;

    // Of tracks with one meaning that of the least rank is taken: a rate that is counted in the ECG before one that the monitor chose from any source, the airway's breaths after the chest's.
    private static readonly Dictionary<string, (SignalCode Code, int Rank)> _numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ECG_HR"] = (SignalCode.HeartRate, 0),
        ["HR"] = (SignalCode.HeartRate, 1),
        ["PLETH_HR"] = (SignalCode.PulseRate, 0),
        ["PLETH_PR"] = (SignalCode.PulseRate, 0),
        ["PULSE"] = (SignalCode.PulseRate, 1),
        ["PR"] = (SignalCode.PulseRate, 1),
        ["ABP_HR"] = (SignalCode.PulseRate, 2),
        ["ART_HR"] = (SignalCode.PulseRate, 2),
        ["PLETH_SAT_O2"] = (SignalCode.SpO2, 0),
        ["PLETH_SPO2"] = (SignalCode.SpO2, 0),
        ["SPO2"] = (SignalCode.SpO2, 1),
        ["SAT_O2"] = (SignalCode.SpO2, 1),
        ["RR"] = (SignalCode.RespiratoryRate, 0),
        ["RESP_RR"] = (SignalCode.RespiratoryRate, 0),
        ["CO2_RR"] = (SignalCode.RespiratoryRate, 1),
        ["RR_CO2"] = (SignalCode.RespiratoryRate, 1),
        ["ABP_SYS"] = (SignalCode.ArterialSystolic, 0),
        ["ABP_DIA"] = (SignalCode.ArterialDiastolic, 0),
        ["ABP_MEAN"] = (SignalCode.ArterialMean, 0),
        ["ABP_SBP"] = (SignalCode.ArterialSystolic, 0),
        ["ABP_DBP"] = (SignalCode.ArterialDiastolic, 0),
        ["ABP_MBP"] = (SignalCode.ArterialMean, 0),
        ["ART_SYS"] = (SignalCode.ArterialSystolic, 0),
        ["ART_DIA"] = (SignalCode.ArterialDiastolic, 0),
        ["ART_MEAN"] = (SignalCode.ArterialMean, 0),
        ["ART_SBP"] = (SignalCode.ArterialSystolic, 0),
        ["ART_DBP"] = (SignalCode.ArterialDiastolic, 0),
        ["ART_MBP"] = (SignalCode.ArterialMean, 0),
        ["FEM_SBP"] = (SignalCode.ArterialSystolic, 1),
        ["FEM_DBP"] = (SignalCode.ArterialDiastolic, 1),
        ["FEM_MBP"] = (SignalCode.ArterialMean, 1),
        ["NIBP_SYS"] = (SignalCode.CuffSystolic, 0),
        ["NIBP_DIA"] = (SignalCode.CuffDiastolic, 0),
        ["NIBP_MEAN"] = (SignalCode.CuffMean, 0),
        ["NIBP_SBP"] = (SignalCode.CuffSystolic, 0),
        ["NIBP_DBP"] = (SignalCode.CuffDiastolic, 0),
        ["NIBP_MBP"] = (SignalCode.CuffMean, 0),
        ["PAP_SYS"] = (SignalCode.PulmonarySystolic, 0),
        ["PAP_DIA"] = (SignalCode.PulmonaryDiastolic, 0),
        ["PAP_MEAN"] = (SignalCode.PulmonaryMean, 0),
        ["PAP_SBP"] = (SignalCode.PulmonarySystolic, 0),
        ["PAP_DBP"] = (SignalCode.PulmonaryDiastolic, 0),
        ["PAP_MBP"] = (SignalCode.PulmonaryMean, 0),
        ["PA_SBP"] = (SignalCode.PulmonarySystolic, 0),
        ["PA_DBP"] = (SignalCode.PulmonaryDiastolic, 0),
        ["PA_MBP"] = (SignalCode.PulmonaryMean, 0),
        ["BT_CORE"] = (SignalCode.CoreTemperature, 0),
        ["TEMP_CORE"] = (SignalCode.CoreTemperature, 0),
        ["TEMP_ESOPH"] = (SignalCode.CoreTemperature, 0),
        ["BT"] = (SignalCode.CoreTemperature, 1),
        ["TEMP"] = (SignalCode.CoreTemperature, 1),
        ["BT_SKIN"] = (SignalCode.SkinTemperature, 0),
        ["TEMP_SKIN"] = (SignalCode.SkinTemperature, 0),
        ["ETCO2"] = (SignalCode.EtCO2, 0),
        ["CO2_ET"] = (SignalCode.EtCO2, 0),
        ["CO2_CONC"] = (SignalCode.EtCO2, 1),
        ["FIO2"] = (SignalCode.FiO2, 0),
    };

    // Vital File Format Specification, "Monitor Type Codes".
    private static readonly Dictionary<byte, SignalCode> _numbersByMeaning = new()
    {
        [2] = SignalCode.HeartRate,
        [5] = SignalCode.ArterialSystolic,
        [6] = SignalCode.ArterialDiastolic,
        [7] = SignalCode.ArterialMean,
        [9] = SignalCode.PulseRate,
        [10] = SignalCode.SpO2,
        [12] = SignalCode.RespiratoryRate,
        [14] = SignalCode.RespiratoryRate,
        [15] = SignalCode.EtCO2,
        [16] = SignalCode.CuffSystolic,
        [17] = SignalCode.CuffDiastolic,
        [18] = SignalCode.CuffMean,
        [19] = SignalCode.CoreTemperature,
        [67] = SignalCode.PulmonarySystolic,
        [68] = SignalCode.PulmonaryMean,
        [69] = SignalCode.PulmonaryDiastolic,
    };

    private static readonly Dictionary<string, (WaveformSignal Signal, int Rank)> _waves = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ECG1"] = (WaveformSignal.Ecg, 0),
        ["ECG2"] = (WaveformSignal.Ecg, 1),
        ["ECG3"] = (WaveformSignal.Ecg, 2),
        ["IABP"] = (WaveformSignal.ArterialPressure, 0),
        ["ART1"] = (WaveformSignal.ArterialPressure, 0),
        ["ABP1"] = (WaveformSignal.ArterialPressure, 0),
        ["FEM"] = (WaveformSignal.ArterialPressure, 1),
        ["PA"] = (WaveformSignal.PulmonaryPressure, 0),
    };

    private static readonly Dictionary<byte, WaveformSignal> _wavesByMeaning = new()
    {
        [1] = WaveformSignal.Ecg,
        [4] = WaveformSignal.ArterialPressure,
        [8] = WaveformSignal.Pleth,
        [11] = WaveformSignal.Respiration,
        [20] = WaveformSignal.CentralVenousPressure,
        [66] = WaveformSignal.PulmonaryPressure,
        [70] = WaveformSignal.ArterialPressure,
    };

    /// <summary>What a track of numbers measures, and its rank among tracks of that meaning; <see cref="SignalCode.None"/> for an unknown one.</summary>
    public static (SignalCode Code, int Rank) FindNumber(VitalTrackInfo info)
    {
        if (_numbers.TryGetValue(WithoutDevice(info.Name), out (SignalCode Code, int Rank) known))
            return known;
        return _numbersByMeaning.TryGetValue(info.Meaning, out SignalCode code) ? (code, ByMeaning) : default;
    }

    /// <summary>What a wave shows, and its rank among waves of that meaning; <see cref="WaveformSignal.None"/> for an unknown one.</summary>
    public static (WaveformSignal Signal, int Rank) FindWave(VitalTrackInfo info)
    {
        string name = WithoutDevice(info.Name);
        if (_waves.TryGetValue(name, out (WaveformSignal Signal, int Rank) known))
            return known;
        WaveformSignal signal = WaveformNames.Find(name.StartsWith("ECG_", StringComparison.OrdinalIgnoreCase) ? $"ECG {name[4..]}" : name);
        if (signal != WaveformSignal.None)
            return (signal, 0);
        return _wavesByMeaning.TryGetValue(info.Meaning, out signal) ? (signal, ByMeaning) : default;
    }

    /// <summary>Brings a value to its code's unit; false when the code has no such unit. A unit may be missing where only one is in use: of rates, and of saturations.</summary>
    public static bool TryConvert(SignalCode code, string unit, double value, out double converted)
    {
        converted = value;
        bool mayBeMissing = code is SignalCode.HeartRate or SignalCode.PulseRate or SignalCode.RespiratoryRate or SignalCode.SpO2;
        return unit.Trim() switch
        {
            "" => mayBeMissing,
            "C" or "℃" => SignalUnits.TryConvert(code, "Cel"u8, value, out converted),
            "F" or "℉" => SignalUnits.TryConvert(code, "[degF]"u8, value, out converted),
            "bpm" or "rpm" => SignalUnits.TryConvert(code, "/min"u8, value, out converted),
            var other => SignalUnits.TryConvert(code, Encoding.UTF8.GetBytes(other), value, out converted),
        };
    }

    /// <summary>The name of a track whose name begins with that of its device, as VitalDB writes them.</summary>
    private static string WithoutDevice(string name) => name[(name.LastIndexOf('/') + 1)..].Trim();
}
