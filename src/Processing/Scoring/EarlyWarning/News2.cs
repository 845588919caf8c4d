using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Scoring.EarlyWarning;

/// <summary>
/// The National Early Warning Score, second version (Royal College of Physicians 2017). Computed from what is there: a parameter that is missing or stale has no points, and the
/// score is then a lower bound that says what it lacks. Whether the patient breathes air is never assumed.
/// </summary>
public static class News2
{
    /// <summary>Computes the score.</summary>
    /// <param name="inputs">What is known.</param>
    /// <param name="ages">How old it may be.</param>
    /// <param name="nowMs">Event time now, milliseconds since 1970 UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite.</exception>
    public static News2Result Compute(in News2Inputs inputs, News2Ages ages, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(ages);
        bool assumed = inputs.AgeClass == AgeClass.Unknown;
        if (!assumed && inputs.AgeClass < AgeClass.Adult)
            return new(News2Status.NotApplicableAge, nowMs, [], inputs.IsScale2, false);
        if (inputs.IsPregnant)
            return new(News2Status.NotApplicablePregnancy, nowMs, [], inputs.IsScale2, assumed);

        OxygenStatus oxygen = inputs.Oxygen is { } told && told.AgeAt(nowMs) <= ages.SupplementalOxygenMs ? told.Value : OxygenStatus.Unknown;
        bool isScale2 = inputs.IsScale2;
        News2Part[] parts =
        [
            Part(News2Parameter.RespiratoryRate, inputs.RespiratoryRate, News2Chart.RoundWhole, News2Chart.RespiratoryRate, 1),
            Part(
                News2Parameter.OxygenSaturation, inputs.OxygenSaturation, News2Chart.RoundWhole,
                percent => isScale2 ? News2Chart.OxygenSaturationScale2(percent, oxygen) : News2Chart.OxygenSaturationScale1(percent), 1),
            Part(News2Parameter.SupplementalOxygen, Number(inputs.Oxygen), value => (int)value, value => value == 0 ? -1 : News2Chart.SupplementalOxygen((OxygenStatus)value), 1),
            Part(News2Parameter.SystolicPressure, inputs.SystolicPressure, News2Chart.RoundWhole, News2Chart.SystolicPressure, 1),
            Part(News2Parameter.Pulse, inputs.Pulse, News2Chart.RoundWhole, News2Chart.Pulse, 1),
            Part(News2Parameter.Consciousness, Number(inputs.Consciousness), value => (int)value, value => value == 0 ? -1 : News2Chart.ConsciousnessLevel((Consciousness)value), 1),
            Part(News2Parameter.Temperature, inputs.Temperature, News2Chart.RoundTenths, News2Chart.Temperature, 10),
        ];
        bool complete = Array.TrueForAll(parts, part => part.Standing == News2Standing.Scored);
        return new(complete ? News2Status.Complete : News2Status.AtLeast, nowMs, parts, isScale2, assumed);

        News2Part Part(News2Parameter parameter, Timed<double>? input, Func<double, int> round, Func<int, int> score, int stepsPerUnit)
        {
            if (input is not { } value)
                return new(parameter, News2Standing.Missing, 0, double.NaN, -1, -1);
            int steps = round(value.Value);
            double shown = (double)steps / stepsPerUnit;
            long age = value.AgeAt(nowMs);
            if (age > ages.Of(parameter))
                return new(parameter, News2Standing.Stale, 0, shown, age, value.TimeMs);
            // Without points: the status is unknown, or the points of scale 2 depend on a status that is.
            int points = score(steps);
            return points < 0 ? new(parameter, News2Standing.Missing, 0, shown, age, value.TimeMs) : new(parameter, News2Standing.Scored, points, shown, age, value.TimeMs);
        }
    }

    private static Timed<double>? Number(Timed<OxygenStatus>? oxygen) => oxygen is { } status ? new((int)status.Value, status.TimeMs) : null;

    private static Timed<double>? Number(Timed<Consciousness>? level) => level is { } status ? new((int)status.Value, status.TimeMs) : null;
}
