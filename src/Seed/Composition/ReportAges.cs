using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Composition;

/// <summary>
/// How old what a report shows is. Event times of a recording lie where they were recorded, so that an age as of now cannot be reckoned from them: what has passed since the newest value arrived is added, by the log's time.
/// </summary>
/// <param name="NowMs">When the report was made, milliseconds since 1970 UTC.</param>
/// <param name="ArrivedMs">Log time at which the newest value, or ECG, that counted arrived; 0 when none did.</param>
internal readonly record struct ReportAges(long NowMs, long ArrivedMs)
{
    /// <summary>Those of a patient at a time.</summary>
    public static ReportAges Of(PatientState state, DateTimeOffset now)
    {
        long arrivedMs = state.EcgLogMs;
        for (int code = 1; code < SignalCodes.Count; code++)
            arrivedMs = Math.Max(arrivedMs, state.ToldLogMs((SignalCode)code));
        return new(now.ToUnixTimeMilliseconds(), arrivedMs == 0 ? state.LogMs : arrivedMs);
    }

    /// <summary>The age now of what has an age as of the newest observation, seconds.</summary>
    /// <param name="ageMs">Its age then, milliseconds.</param>
    public double Now(long ageMs) => (ageMs + Math.Max(0, NowMs - ArrivedMs)) / 1000.0;

    /// <summary>Seconds since a time by the log's clock, or a person's; null for no time. A clock that is ahead makes none negative.</summary>
    /// <param name="timeMs">The time, milliseconds since 1970 UTC; 0 for none.</param>
    public double? Since(long timeMs) => timeMs <= 0 ? null : Math.Max(0, NowMs - timeMs) / 1000.0;
}
