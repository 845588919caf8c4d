using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Body weights of people: tables (<c>.csv</c>) with a time and a weight in each row, of one person or of several whom a column names. Forms that are known by their header:
/// Fitbit's <c>Id,Date,WeightKg,...</c>, a study's <c>subject,day,...,body_weight</c>, Apple Health's <c>startDate,value,unit,sourceName</c>, a diary's <c>date,pounds,kilograms</c>, and others with such columns.
/// </summary>
/// <remarks>
/// Rows may be in any order. The same weight at the same time is sent once (two apps pass the same weighing on); different weights at the same time go out a millisecond apart.
/// A weighing goes out as a spot check, or as manual where the table says so, or has nothing but whole numbers, which no scale shows. Pounds are converted.
/// </remarks>
public sealed class WeightSet : IRecordingSet
{
    private const string Pattern = "*.csv*";
    private const int DayMs = 86_400_000;

    /// <inheritdoc/>
    public string Name => "weight";

    /// <inheritdoc/>
    public string Form => "tables with a date or day and a weight in each row";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => Tables(place).Any();

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        foreach (WeightSeries series in Read(place, report))
        {
            RecordingBuilder recording = new(new RecordingIdentity($"{Name}:{series.Person}", $"{Name}-{series.Person}-scale", DayMs), report);
            long firstMs = series.Weights[0].TimeMs;
            long lastMs = -1;
            for (int i = 0; i < series.Weights.Count; i++)
            {
                RecordedWeight weight = series.Weights[i];
                if (IsRepeat(series.Weights, i))
                {
                    report.CountRowWithoutValue();
                    continue;
                }

                lastMs = Math.Max(lastMs + 1, weight.TimeMs - firstMs);
                recording.TryBegin(lastMs);
                if (recording.TryAdd(SignalCode.Weight, weight.Kilograms, weight.Source))
                    recording.End();
                else
                    report.CountMalformedRow(place.Folder, 0, $"a weight of {series.Person} is too large for anybody");
            }

            if (recording.Build() is { } built)
                yield return built;
        }
    }

    /// <summary>Reads the weighings of a place by person, as the files have them. Rows without a weight and malformed ones are counted.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IEnumerable<WeightSeries> Read(RecordingPlace place, RecordingReport report)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(report);
        List<string> tables = [.. Tables(place)];
        foreach (string table in tables)
        {
            string name = ShortName(table);
            if (tables.Exists(other => other != table && ShortName(other) == name))
                name = Stem(table);
            foreach (WeightSeries series in SetFiles.ReadGuarded(table, report, () => ReadTable(table, name, report)) ?? [])
                yield return series;
        }
    }

    private static IEnumerable<string> Tables(RecordingPlace place) => place.Files(Pattern).Where(file => SetFiles.FirstLine(file, line => WeightColumns.Of(line) is not null));

    private static List<WeightSeries> ReadTable(string file, string name, RecordingReport report)
    {
        using LineReader lines = new(NumericTable.OpenMaybeCompressed(file));
        lines.Next();
        WeightColumns columns = WeightColumns.Of(lines.Line) ?? throw new InvalidDataException("the header has no time and weight");
        Dictionary<string, List<RecordedWeight>> byPerson = new(StringComparer.Ordinal);
        List<string> order = [];
        while (lines.Next())
        {
            if (lines.Line.IsWhiteSpace())
                continue;
            report.CountRow();
            string person = "";
            RecordedWeight? weight = null;
            string? problem = lines.IsTooLong ? $"the line is longer than {LineReader.MaximumLength} characters" : columns.Read(lines.Line, out person, out weight);
            if (problem is not null)
            {
                report.CountMalformedRow(file, lines.Number, problem);
            }
            else if (weight is null)
            {
                report.CountMissing(columns.WeightName);
                report.CountRowWithoutValue();
            }
            else
            {
                if (!byPerson.TryGetValue(person, out List<RecordedWeight>? weights))
                {
                    byPerson.Add(person, weights = []);
                    order.Add(person);
                }

                weights.Add(weight.Value);
            }
        }

        bool isTyped = byPerson.Values.All(weights => weights.TrueForAll(w => w.Value == Math.Floor(w.Value)));
        return order.ConvertAll(person => new WeightSeries(columns.HasPerson ? $"{name}-{person}" : name, InOrder(byPerson[person], isTyped)));
    }

    private static List<RecordedWeight> InOrder(List<RecordedWeight> weights, bool isTyped) =>
        [.. weights.Select(w => isTyped ? w with { Source = ReadingSource.Manual } : w).OrderBy(w => w.TimeMs).ThenBy(w => w.Kilograms)];

    private static bool IsRepeat(IReadOnlyList<RecordedWeight> weights, int at) =>
        at > 0 && weights[at].TimeMs == weights[at - 1].TimeMs && weights[at].Kilograms == weights[at - 1].Kilograms;

    /// <summary>The name of a table's file up to the first '_', if it is fit for an id.</summary>
    private static string ShortName(string file)
    {
        string stem = Stem(file);
        int end = stem.IndexOf('_', StringComparison.Ordinal);
        return end > 0 ? stem[..end] : stem;
    }

    private static string Stem(string file)
    {
        string name = Path.GetFileName(file);
        string stem = name[..name.IndexOf(".csv", StringComparison.OrdinalIgnoreCase)];
        string fit = new([.. stem.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]);
        return fit.Length is 0 or > 64 ? "person" : fit;
    }
}
