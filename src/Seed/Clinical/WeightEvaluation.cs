using System.Text.Json;
using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>Hands people's weighings to the service one by one and compares what it predicted with what came, and with simpler predictions.</summary>
internal sealed class WeightEvaluation
{
    private const double AverageDays = 10;
    private const double AverageShare = 2 / 11.0;

    private readonly List<double[]> _errors = []; // Of the service, of the last weighing, of the two averages.
    private readonly SortedDictionary<string, int> _rejected = new(StringComparer.Ordinal);
    private int _weighings;
    private int _repeated;
    private int _queued;
    private int _accepted;
    private int _inside;

    /// <summary>A weighing as the service takes it.</summary>
    public static WeightMeasurement Measurement(in RecordedWeight weight) => new(weight.TimeMs, weight.Kilograms, WeightSources.Of(weight.Source))
    {
        WrittenIn = weight.InPounds ? WeightUnit.Pound : WeightUnit.Kilogram,
    };

    /// <summary>The word of an enumeration's value in JSON and tables.</summary>
    public static string Word(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Runs the service over one person's weighings.</summary>
    public void Add(WeightSeries series, WeightConfiguration configuration)
    {
        WeightState state = WeightState.Empty;
        (double last, double average, double byCount, long lastMs) = (0, 0, 0, -1);
        foreach (RecordedWeight weight in series.Weights)
        {
            (state, WeightResult result) = WeightService.Handle(state, Measurement(weight), configuration);
            if (result.Outcome == WeightOutcome.Repeated)
            {
                _repeated++;
                continue;
            }

            _weighings++;
            double kilograms = weight.Kilograms;
            if (result.PredictionError is { } error)
            {
                _errors.Add([error, kilograms - last, kilograms - average, kilograms - byCount]);
                _accepted += result.Accepted ? 1 : 0;
                _inside += Math.Abs(error) <= WeightEstimate.Normal975 * result.PredictionDeviation ? 1 : 0;
            }
            else
            {
                _queued++;
            }

            if (result.Reason != WeightReason.None)
                _rejected[Word(result.Reason)] = _rejected.GetValueOrDefault(Word(result.Reason)) + 1;
            bool first = lastMs < 0;
            average = first ? kilograms : average + ((1 - Math.Exp(-(weight.TimeMs - lastMs) / (AverageDays * 86_400_000))) * (kilograms - average));
            byCount = first ? kilograms : byCount + (AverageShare * (kilograms - byCount));
            (last, lastMs) = (kilograms, weight.TimeMs);
        }
    }

    /// <summary>Adds what another evaluation found.</summary>
    public void Add(WeightEvaluation other)
    {
        _errors.AddRange(other._errors);
        foreach ((string reason, int count) in other._rejected)
            _rejected[reason] = _rejected.GetValueOrDefault(reason) + count;
        _weighings += other._weighings;
        _repeated += other._repeated;
        _queued += other._queued;
        _accepted += other._accepted;
        _inside += other._inside;
    }

    /// <summary>The sum of squares of the service's errors.</summary>
    public double SquaredErrors => _errors.Sum(e => e[0] * e[0]);

    /// <summary>True when no weighing was predicted.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <summary>What was found.</summary>
    public WeightPersonReport Report(string person) => new(
        person, _weighings, _repeated, _queued, _errors.Count, _accepted, Share(_accepted), Share(_inside), _rejected, Errors(0), Errors(1), Errors(2), Errors(3));

    private double? Share(int count) => IsEmpty ? null : (double)count / _errors.Count;

    private WeightErrors? Errors(int of) => IsEmpty ? null : new WeightErrors(Math.Sqrt(_errors.Average(e => e[of] * e[of])), _errors.Average(e => Math.Abs(e[of])));
}
