using System.Diagnostics.CodeAnalysis;

using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Alarms;

/// <summary>What is always so of a condition.</summary>
/// <param name="Id">The condition.</param>
/// <param name="Name">Its name in messages and commands, as <c>hr-high</c>.</param>
/// <param name="Kind">What kind it is.</param>
/// <param name="Code">The signal it is about; <see cref="SignalCode.None"/> when it is not about one.</param>
/// <param name="Priority">Its usual priority, IEC 60601-1-8 clause 6.1.2.</param>
/// <param name="IsLethal">True when death follows in minutes: it always latches, and breaks every pause that was asked for before it began.</param>
public sealed record AlarmCondition(ConditionId Id, string Name, ConditionKind Kind, SignalCode Code, AnomalySeverity Priority, bool IsLethal)
{
    /// <summary>True for a technical condition (INOP).</summary>
    public bool IsTechnical => Kind == ConditionKind.Technical;

    /// <summary>
    /// True for what is assessed each second of a waveform: its onset delay runs in event time alone. In log time a delay could be over while the chunk that ends the condition is still being filled;
    /// and where chunks stop coming, that is told.
    /// </summary>
    public bool IsOfWaveform => Id is ConditionId.EcgLeadsOff or ConditionId.EcgUnusable;

    /// <summary>True for what is told when a time has passed in which something did not come: there is nothing more to wait for.</summary>
    public bool IsOfDeadline => Id is ConditionId.NoData or ConditionId.EcgLost or > ConditionId.SignalLost;
}

/// <summary>The one table of conditions.</summary>
public static class AlarmConditions
{
    /// <summary>One more than the highest number of a condition.</summary>
    public const int Count = (int)ConditionId.SignalLost + SignalCodes.Count;

    private static readonly AlarmCondition?[] Table = Build();

    /// <summary>All conditions by number.</summary>
    public static IReadOnlyList<AlarmCondition> All { get; } = [.. Table.OfType<AlarmCondition>()];

    /// <summary>What the table says of a condition.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is no condition's.</exception>
    public static AlarmCondition Get(ConditionId id) =>
        (int)id < Count && Table[(int)id] is { } found ? found : throw new ArgumentOutOfRangeException(nameof(id), $"{(int)id} is not the number of a condition.");

    /// <summary>True when the number is a condition's.</summary>
    public static bool IsKnown(int number) => number >= 0 && number < Count && Table[number] is not null;

    /// <summary>Finds a condition by its name.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out AlarmCondition? condition)
    {
        condition = All.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.Ordinal));
        return condition is not null;
    }

    /// <summary>The condition of a rhythm.</summary>
    public static ConditionId Rhythm(RhythmCondition rhythm) => rhythm switch
    {
        RhythmCondition.Asystole => ConditionId.Asystole,
        RhythmCondition.ExtremeBradycardia => ConditionId.ExtremeBradycardia,
        RhythmCondition.ExtremeTachycardia => ConditionId.ExtremeTachycardia,
        RhythmCondition.VentricularTachycardia => ConditionId.VentricularTachycardia,
        RhythmCondition.VentricularFibrillation => ConditionId.VentricularFibrillation,
        _ => ConditionId.AtrialFibrillation,
    };

    /// <summary>The technical condition that the sensor of a signal is off.</summary>
    public static ConditionId SensorOff(SignalCode code) => (ConditionId)((int)ConditionId.SensorOff + (int)SignalCodes.Get(code).Code);

    /// <summary>The technical condition that a signal has stopped coming.</summary>
    /// <param name="code">A signal that <see cref="CanBeLost"/>.</param>
    public static ConditionId SignalLost(SignalCode code) => (ConditionId)((int)ConditionId.SignalLost + (int)SignalCodes.Get(code).Code);

    /// <summary>False for what is measured now and then however often it came: pressures of a cuff, and weight.</summary>
    public static bool CanBeLost(SignalCode code) => code is not (SignalCode.CuffSystolic or SignalCode.CuffDiastolic or SignalCode.CuffMean or SignalCode.Weight);

    private static AlarmCondition?[] Build()
    {
        var table = new AlarmCondition?[Count];
        Limit(ConditionId.HeartRateHigh, "hr-high", SignalCode.HeartRate);
        Limit(ConditionId.HeartRateLow, "hr-low", SignalCode.HeartRate);
        Limit(ConditionId.SpO2Low, "spo2-low", SignalCode.SpO2);
        Limit(ConditionId.RespiratoryRateLow, "rr-low", SignalCode.RespiratoryRate);
        Limit(ConditionId.RespiratoryRateHigh, "rr-high", SignalCode.RespiratoryRate);
        Limit(ConditionId.ArterialSystolicLow, "abp-sys-low", SignalCode.ArterialSystolic);
        Limit(ConditionId.CuffSystolicLow, "nbp-sys-low", SignalCode.CuffSystolic);
        Limit(ConditionId.ArterialMeanLow, "abp-mean-low", SignalCode.ArterialMean);
        Limit(ConditionId.CuffMeanLow, "nbp-mean-low", SignalCode.CuffMean);
        Limit(ConditionId.CoreTemperatureLow, "temp-core-low", SignalCode.CoreTemperature);
        Limit(ConditionId.CoreTemperatureHigh, "temp-core-high", SignalCode.CoreTemperature);
        Add(ConditionId.Desaturation, "spo2-desaturation", ConditionKind.Limit, SignalCode.SpO2, AnomalySeverity.High, false);
        Limit(ConditionId.SpO2High, "spo2-high", SignalCode.SpO2);
        Limit(ConditionId.PulseRateHigh, "pr-high", SignalCode.PulseRate);
        Limit(ConditionId.PulseRateLow, "pr-low", SignalCode.PulseRate);
        Limit(ConditionId.ArterialSystolicHigh, "abp-sys-high", SignalCode.ArterialSystolic);
        Limit(ConditionId.CuffSystolicHigh, "nbp-sys-high", SignalCode.CuffSystolic);
        Limit(ConditionId.ArterialMeanHigh, "abp-mean-high", SignalCode.ArterialMean);
        Limit(ConditionId.CuffMeanHigh, "nbp-mean-high", SignalCode.CuffMean);
        Limit(ConditionId.ArterialDiastolicLow, "abp-dia-low", SignalCode.ArterialDiastolic);
        Limit(ConditionId.ArterialDiastolicHigh, "abp-dia-high", SignalCode.ArterialDiastolic);
        Limit(ConditionId.CuffDiastolicLow, "nbp-dia-low", SignalCode.CuffDiastolic);
        Limit(ConditionId.CuffDiastolicHigh, "nbp-dia-high", SignalCode.CuffDiastolic);
        Add(ConditionId.News2, "news2", ConditionKind.Score, SignalCode.None, AnomalySeverity.Medium, false);
        Add(ConditionId.ShockIndex, "shock-index", ConditionKind.Score, SignalCode.None, AnomalySeverity.Medium, false);
        Add(ConditionId.Asystole, "asystole", ConditionKind.Rhythm, SignalCode.HeartRate, AnomalySeverity.High, true);
        Add(ConditionId.VentricularFibrillation, "ventricular-fibrillation", ConditionKind.Rhythm, SignalCode.HeartRate, AnomalySeverity.High, true);
        Add(ConditionId.VentricularTachycardia, "ventricular-tachycardia", ConditionKind.Rhythm, SignalCode.HeartRate, AnomalySeverity.High, true);
        Add(ConditionId.ExtremeBradycardia, "extreme-bradycardia", ConditionKind.Rhythm, SignalCode.HeartRate, AnomalySeverity.High, true);
        Add(ConditionId.ExtremeTachycardia, "extreme-tachycardia", ConditionKind.Rhythm, SignalCode.HeartRate, AnomalySeverity.High, true);
        Add(ConditionId.AtrialFibrillation, "atrial-fibrillation", ConditionKind.Rhythm, SignalCode.HeartRate, AnomalySeverity.Low, false);
        Add(ConditionId.ModelAnomaly, "model", ConditionKind.Model, SignalCode.None, AnomalySeverity.Low, false);
        Add(ConditionId.NoData, "no-data", ConditionKind.Technical, SignalCode.None, AnomalySeverity.Medium, false);
        Add(ConditionId.EcgLeadsOff, "ecg-leads-off", ConditionKind.Technical, SignalCode.HeartRate, AnomalySeverity.Medium, false);
        Add(ConditionId.EcgUnusable, "ecg-unusable", ConditionKind.Technical, SignalCode.HeartRate, AnomalySeverity.Low, false);
        Add(ConditionId.EcgLost, "ecg-lost", ConditionKind.Technical, SignalCode.HeartRate, AnomalySeverity.Medium, false);
        foreach (SignalCodeInfo info in SignalCodes.All)
            Add((ConditionId)((int)ConditionId.SensorOff + (int)info.Code), $"{info.Name}-sensor-off", ConditionKind.Technical, info.Code, AnomalySeverity.Low, false);
        foreach (SignalCodeInfo info in SignalCodes.All)
        {
            if (CanBeLost(info.Code))
                Add((ConditionId)((int)ConditionId.SignalLost + (int)info.Code), $"{info.Name}-lost", ConditionKind.Technical, info.Code, AnomalySeverity.Low, false);
        }

        return table;

        void Limit(ConditionId id, string name, SignalCode code) => Add(id, name, ConditionKind.Limit, code, AnomalySeverity.Medium, false);

        void Add(ConditionId id, string name, ConditionKind kind, SignalCode code, AnomalySeverity priority, bool isLethal) =>
            table[(int)id] = new(id, name, kind, code, priority, isLethal);
    }
}
