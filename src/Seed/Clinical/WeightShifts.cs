using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>
/// Lets simulated people gain or lose a few kilograms in truth and tells what the service says until it follows; and hands it, for contrast, what is not theirs.
/// </summary>
internal static class WeightShifts
{
    private const int SettledWeighings = 20;
    private const int MostWeighings = 20;
    private const double MinutesAsDays = 5.0 / 1440;
    private const double PauseDays = 13;

    private static readonly double[] s_sizes = [2, 3, 4, 5, 6, 8, 10];

    // A change over three days is one at once for those who weigh every three to seven.
    private static readonly (WeighingHabit Habit, int[] Spreads)[] s_courses = [(WeighingHabit.Daily, [0, 3, 7]), (WeighingHabit.Sparse, [0, 7]), (WeighingHabit.AfterPause, [0])];
    private static readonly double[] s_differences = [5, 7.5, 10, 15, 20, 30];

    private delegate double Mistake(SimulatedPerson person, double right);

    /// <summary>True shifts, by habit, spread and size.</summary>
    public static IReadOnlyList<WeightShiftReport> Shifts(int people, WeightConfiguration configuration) =>
        [.. from course in s_courses from spread in course.Spreads from size in s_sizes select Shift(course.Habit, spread, size, people, configuration)];

    /// <summary>What is not this person's weight, by habit and kind.</summary>
    public static IReadOnlyList<WeightMistakeReport> Mistakes(int people, WeightConfiguration configuration)
    {
        var reports = new List<WeightMistakeReport>();
        foreach (WeighingHabit habit in (WeighingHabit[])[WeighingHabit.Daily, WeighingHabit.Sparse])
        {
            reports.Add(Single(habit, "pounds as kilograms", WeightReason.PoundsAsKilograms, (_, right) => Math.Round(right / RecordedWeight.KilogramsPerPound, 1), people, configuration));
            reports.Add(Single(habit, "kilograms as pounds", WeightReason.KilogramsAsPounds, (_, right) => Math.Round(right * RecordedWeight.KilogramsPerPound, 1), people, configuration));
            reports.Add(Single(habit, "tens and ones exchanged", WeightReason.DigitSwap, (_, right) => Exchanged(right, 10), people, configuration));
            reports.Add(Single(habit, "ones and tenths exchanged", WeightReason.DigitSwap, (_, right) => Exchanged(right, 1), people, configuration));
            foreach (double difference in s_differences)
                reports.AddRange(Housemate(habit, difference, people, configuration));
        }

        return reports;
    }

    private static WeightShiftReport Shift(WeighingHabit habit, int spreadDays, double size, int people, WeightConfiguration configuration)
    {
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        (List<double> rejected, List<double> hours, int followed) = ([], [], 0);
        for (int seed = 0; seed < people; seed++)
        {
            SimulatedPerson person = Settled(seed, habit, configuration);
            double begins = person.Day;
            double Change(double from, double to) => (person.Gains ? size : -size) * (spreadDays == 0 ? (from <= begins && to > begins ? 1 : 0) : Share(to - begins, spreadDays) - Share(from - begins, spreadDays));
            (int row, double? firstDay, bool isFollowed) = (0, null, false);
            for (int weighing = 0; weighing < MostWeighings && !isFollowed; weighing++)
            {
                person.Wait(Change, weighing == 0 && habit == WeighingHabit.AfterPause ? PauseDays : 0);
                WeightResult result = person.Weigh(configuration);
                if (!result.Accepted)
                {
                    Count(reasons, WeightEvaluation.Word(result.Reason));
                    firstDay ??= person.Day;
                    row++;
                }

                isFollowed = result.Accepted && person.Day >= begins + spreadDays && Math.Abs(result.Estimate!.Value.Kilograms - person.Level) <= Math.Max(1, 2 * result.Estimate.Value.Deviation);
            }

            rejected.Add(row);
            followed += isFollowed ? 1 : 0;
            if (firstDay is { } first)
                hours.Add(24 * (person.Day - first));
        }

        return new(WeightEvaluation.Word(habit), spreadDays, size, people, rejected.Count(count => count > 0), reasons, Quantile(rejected, 0.5), Quantile(rejected, 0.9), Quantile(hours, 0.5), Quantile(hours, 0.9), followed);
    }

    private static WeightMistakeReport Single(WeighingHabit habit, string kind, WeightReason reason, Mistake mistake, int people, WeightConfiguration configuration)
    {
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int seed = 0; seed < people; seed++)
        {
            SimulatedPerson person = Settled(seed, habit, configuration);
            person.Wait((_, _) => 0);
            double right = person.Reading(), wrong = mistake(person, right);
            // An exchange that moves the weight by less is within what weights do.
            if (Math.Abs(wrong - right) >= 0.04 * right && wrong >= 10)
                Count(outcomes, WeightPlantedReport.Said(person.Hand(wrong, configuration)));
        }

        return new(WeightEvaluation.Word(habit), kind, WeightPlantedReport.Of(WeightEvaluation.Word(reason), outcomes));
    }

    /// <summary>A housemate steps on the scale once, this person weighs as ever, and some weighings later the housemate comes again.</summary>
    private static IEnumerable<WeightMistakeReport> Housemate(WeighingHabit habit, double difference, int people, WeightConfiguration configuration)
    {
        var outcomes = new[] { new SortedDictionary<string, int>(StringComparer.Ordinal), new SortedDictionary<string, int>(StringComparer.Ordinal) };
        for (int seed = 0; seed < people; seed++)
        {
            SimulatedPerson person = Settled(seed, habit, configuration);
            var mate = new SimulatedPerson(1_000_000 + seed, habit);
            double offset = person.Level + (person.Gains ? difference : -difference) - mate.Level;
            foreach (SortedDictionary<string, int> visit in outcomes)
            {
                person.Wait((_, _) => 0);
                Count(visit, WeightPlantedReport.Said(person.Hand(Math.Round(mate.Reading() + offset, 1), configuration, MinutesAsDays)));
                for (int weighing = 0; weighing < 3; weighing++)
                {
                    if (weighing > 0)
                        person.Wait((_, _) => 0);
                    mate.Wait((_, _) => 0);
                    person.Weigh(configuration);
                }
            }
        }

        string kind = FormattableString.Invariant($"housemate {difference:0.#} kg off");
        string word = WeightEvaluation.Word(WeightReason.OtherPerson);
        return [new(WeightEvaluation.Word(habit), kind, WeightPlantedReport.Of(word, outcomes[0])), new(WeightEvaluation.Word(habit), kind + ", again", WeightPlantedReport.Of(word, outcomes[1]))];
    }

    private static SimulatedPerson Settled(int seed, WeighingHabit habit, WeightConfiguration configuration)
    {
        var person = new SimulatedPerson(seed, habit);
        for (int weighing = 0; weighing < SettledWeighings; weighing++)
        {
            person.Wait((_, _) => 0);
            person.Weigh(configuration);
        }

        return person;
    }

    private static double Share(double days, double spread) => Math.Clamp(days / spread, 0, 1);

    private static double Exchanged(double value, long place)
    {
        long tenths = (long)Math.Round(value * 10);
        long difference = (tenths / place % 10) - (tenths / (place * 10) % 10);
        return (tenths + (difference * 9 * place)) / 10.0;
    }

    private static void Count(SortedDictionary<string, int> counts, string word) => counts[word] = counts.GetValueOrDefault(word) + 1;

    private static double? Quantile(List<double> values, double share) => values.Count == 0 ? null : values.Order().ElementAt((int)(share * (values.Count - 1)));
}
