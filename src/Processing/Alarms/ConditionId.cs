namespace PhysioActors.Processing.Alarms;

/// <summary>What an alarm can be about. The numbers are written to the journal: never reuse one. The first eleven are those of the clinical rules.</summary>
public enum ConditionId : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Heart rate too high.</summary>
    HeartRateHigh = 1,

    /// <summary>Heart rate too low.</summary>
    HeartRateLow = 2,

    /// <summary>Oxygen saturation too low.</summary>
    SpO2Low = 3,

    /// <summary>Respiratory rate too low.</summary>
    RespiratoryRateLow = 4,

    /// <summary>Respiratory rate too high.</summary>
    RespiratoryRateHigh = 5,

    /// <summary>Systolic pressure too low, arterial line.</summary>
    ArterialSystolicLow = 6,

    /// <summary>Systolic pressure too low, cuff.</summary>
    CuffSystolicLow = 7,

    /// <summary>Mean pressure too low, arterial line.</summary>
    ArterialMeanLow = 8,

    /// <summary>Mean pressure too low, cuff.</summary>
    CuffMeanLow = 9,

    /// <summary>Core temperature too low.</summary>
    CoreTemperatureLow = 10,

    /// <summary>Core temperature too high.</summary>
    CoreTemperatureHigh = 11,

    /// <summary>Desaturation: oxygen saturation far too low.</summary>
    Desaturation = 12,

    /// <summary>Oxygen saturation too high.</summary>
    SpO2High = 13,

    /// <summary>Pulse rate too high.</summary>
    PulseRateHigh = 14,

    /// <summary>Pulse rate too low.</summary>
    PulseRateLow = 15,

    /// <summary>Systolic pressure too high, arterial line.</summary>
    ArterialSystolicHigh = 16,

    /// <summary>Systolic pressure too high, cuff.</summary>
    CuffSystolicHigh = 17,

    /// <summary>Mean pressure too high, arterial line.</summary>
    ArterialMeanHigh = 18,

    /// <summary>Mean pressure too high, cuff.</summary>
    CuffMeanHigh = 19,

    /// <summary>Diastolic pressure too low, arterial line.</summary>
    ArterialDiastolicLow = 20,

    /// <summary>Diastolic pressure too high, arterial line.</summary>
    ArterialDiastolicHigh = 21,

    /// <summary>Diastolic pressure too low, cuff.</summary>
    CuffDiastolicLow = 22,

    /// <summary>Diastolic pressure too high, cuff.</summary>
    CuffDiastolicHigh = 23,

    /// <summary>NEWS2 at or beyond a trigger.</summary>
    News2 = 32,

    /// <summary>Shock index too high.</summary>
    ShockIndex = 33,

    /// <summary>No beat.</summary>
    Asystole = 40,

    /// <summary>Ventricular flutter or fibrillation.</summary>
    VentricularFibrillation = 41,

    /// <summary>Ventricular tachycardia.</summary>
    VentricularTachycardia = 42,

    /// <summary>Extreme bradycardia.</summary>
    ExtremeBradycardia = 43,

    /// <summary>Extreme tachycardia.</summary>
    ExtremeTachycardia = 44,

    /// <summary>Atrial fibrillation.</summary>
    AtrialFibrillation = 45,

    /// <summary>The model's score stays above the patient's threshold.</summary>
    ModelAnomaly = 50,

    /// <summary>Nothing comes from the patient's devices.</summary>
    NoData = 60,

    /// <summary>The electrodes of the ECG are off.</summary>
    EcgLeadsOff = 61,

    /// <summary>The ECG cannot be analysed.</summary>
    EcgUnusable = 62,

    /// <summary>The ECG that was looked at has stopped coming, while other things still come.</summary>
    EcgLost = 63,

    /// <summary>The sensor of a signal is off; the signal's code is added to this number (see <see cref="AlarmConditions.SensorOff"/>).</summary>
    SensorOff = 64,

    /// <summary>A signal that came regularly has stopped coming, while other things still come; the signal's code is added to this number (see <see cref="AlarmConditions.SignalLost"/>).</summary>
    SignalLost = 128,
}

/// <summary>What kind of condition it is.</summary>
public enum ConditionKind : byte
{
    /// <summary>A value beyond a limit.</summary>
    Limit = 1,

    /// <summary>A score.</summary>
    Score = 2,

    /// <summary>A rhythm.</summary>
    Rhythm = 3,

    /// <summary>What the model finds unusual.</summary>
    Model = 4,

    /// <summary>Nothing about the patient, but about how he is measured (INOP). Kept apart from the others.</summary>
    Technical = 5,
}
