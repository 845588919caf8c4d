using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>
/// Puts known errors into people's series at fixed places and counts what becomes of them: before every fifth weighing, five minutes earlier, an extra one with an error of the kind.
/// An error counts as planted when there was a course to judge it by.
/// </summary>
internal static class WeightPlanting
{
    private const int Every = 5;
    private const long EarlierMs = 300_000;

    /// <summary>A swap of digits must change the weight by so much: smaller ones are within what people's weight does.</summary>
    private const double LeastSwap = 0.04;

    private static readonly double[] s_housemates = [0.65, 0.75, 0.85, 1.15, 1.25, 1.4];

    private delegate double? Error(RecordedWeight right, double firstValue, int number);

    private static readonly (WeightReason Reason, Error Of)[] s_kinds =
    [
        (WeightReason.PoundsAsKilograms, (right, _, _) => Tenths(right.Value / RecordedWeight.KilogramsPerPound)),
        (WeightReason.KilogramsAsPounds, (right, _, _) => Tenths(right.Value * RecordedWeight.KilogramsPerPound)),

        // The housemate weighs a fixed share of what this person did at first, and wavers from day to day as this person does.
        (WeightReason.OtherPerson, (right, first, number) => Tenths((s_housemates[number % s_housemates.Length] * first) + ((right.Value - first) * 0.2))),
        (WeightReason.DigitSwap, (right, _, number) => Swapped(right.Value, number)),
    ];

    /// <summary>Plants errors of each kind into all series, a kind at a time.</summary>
    public static IReadOnlyList<WeightPlantedReport> Run(IReadOnlyList<WeightSeries> people, WeightConfiguration configuration)
    {
        var reports = new List<WeightPlantedReport>();
        foreach ((WeightReason reason, Error of) in s_kinds)
        {
            var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (WeightSeries series in people)
                Plant(series, of, configuration, outcomes);
            reports.Add(WeightPlantedReport.Of(WeightEvaluation.Word(reason), outcomes));
        }

        return reports;
    }

    private static void Plant(WeightSeries series, Error of, WeightConfiguration configuration, SortedDictionary<string, int> outcomes)
    {
        WeightState state = WeightState.Empty;
        double first = series.Weights[0].Value;
        int number = 0;
        for (int i = 0; i < series.Weights.Count; i++)
        {
            RecordedWeight right = series.Weights[i];
            if (i % Every == Every - 1 && of(right, first, number) is { } wrong)
            {
                RecordedWeight planted = right with { TimeMs = right.TimeMs - EarlierMs, Value = wrong };
                (state, WeightResult result) = WeightService.Handle(state, WeightEvaluation.Measurement(planted), configuration);
                if (result.PredictionError is not null)
                {
                    number++;
                    string outcome = WeightPlantedReport.Said(result);
                    outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
                }
            }

            state = WeightService.Handle(state, WeightEvaluation.Measurement(right), configuration).State;
        }
    }

    /// <summary>Exchanges two neighbouring digits of a weight with one decimal: beginning in turn with the tens or the tenths, the first pair that makes a difference.</summary>
    private static double? Swapped(double value, int number)
    {
        long tenths = (long)Math.Round(value * 10);
        long[] places = number % 2 == 0 ? [10, 1, 100] : [1, 10, 100];
        foreach (long place in places)
        {
            long difference = (tenths / place % 10) - (tenths / (place * 10) % 10);
            double swapped = (tenths + (difference * 9 * place)) / 10.0;
            if (place * 10 <= tenths && Math.Abs(swapped - value) >= LeastSwap * value && swapped >= 10)
                return swapped;
        }

        return null;
    }

    private static double Tenths(double value) => Math.Round(value * 10) / 10;
}
