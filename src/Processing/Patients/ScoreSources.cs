using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <summary>The rate and the pressure that a patient's scores are made of at a time, of the sources that there are: chosen once, so that no two scores say different things.</summary>
/// <param name="NowMs">Event time from which ages are reckoned, milliseconds since 1970 UTC.</param>
/// <param name="Rate">Beats a minute; null when there are none.</param>
/// <param name="RateCode">Which signal the rate is: the heart rate, of a device or of the ECG, or the pulse rate.</param>
/// <param name="Systolic">Systolic pressure, mm[Hg]; null when there is none.</param>
/// <param name="SystolicCode">Which signal the pressure is: of the line or of the cuff.</param>
public readonly record struct ScoreSources(long NowMs, Timed<double>? Rate, SignalCode RateCode, Timed<double>? Systolic, SignalCode SystolicCode);
