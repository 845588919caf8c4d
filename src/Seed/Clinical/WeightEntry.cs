using System.Globalization;
using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>A weighing as it is typed: time, weight, and if need be source and 'confirmed', with commas between.</summary>
internal static class WeightEntry
{
    /// <summary>How an entry looks, for messages.</summary>
    public const string Form = "TIME,WEIGHT[kg|lb][,care-team|clinic-scale|patient-scale|manual][,confirmed]";

    /// <summary>Reads an entry. Without unit it is kilograms, without source the patient's own scale.</summary>
    /// <exception cref="FormatException">The entry is not of that form; the message says where.</exception>
    public static WeightMeasurement Parse(string entry)
    {
        string[] parts = entry.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length is < 2 or > 4)
            throw new FormatException($"'{entry}' is not of the form {Form}");
        if (!DateTimeOffset.TryParse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) || time < DateTimeOffset.UnixEpoch)
            throw new FormatException($"'{parts[0]}' in '{entry}' is not a time since 1970, as 2026-01-31T08:00:00Z");
        (string number, bool inPounds) = Unit(parts[1]);
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || !(weight > 0 && weight <= WeightMeasurement.MaximumKilograms))
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{parts[1]}' in '{entry}' is not a weight above 0 and up to {WeightMeasurement.MaximumKilograms:0}, as 81.4kg or 179.5lb"));
        var measurement = new WeightMeasurement(time.ToUnixTimeMilliseconds(), inPounds ? weight * RecordedWeight.KilogramsPerPound : weight, WeightSource.PatientScale)
        {
            WrittenIn = inPounds ? WeightUnit.Pound : WeightUnit.Kilogram,
        };
        WeightSource? source = null;
        foreach (string word in parts.Skip(2))
        {
            if (word == "confirmed")
                measurement = measurement with { IsConfirmed = true };
            else if (Source(word) is not { } named)
                throw new FormatException($"'{word}' in '{entry}' is neither a source nor 'confirmed'; {(char.IsAsciiDigit(word.FirstOrDefault()) ? "decimals follow a point; " : "")}the form is {Form}");
            else if (source is not null)
                throw new FormatException($"'{entry}' has two sources; the form is {Form}");
            else
                source = named;
        }

        return source is { } known ? measurement with { Source = known } : measurement;
    }

    private static WeightSource? Source(string word) => word switch
    {
        "care-team" => WeightSource.CareTeam,
        "clinic-scale" => WeightSource.ClinicScale,
        "patient-scale" => WeightSource.PatientScale,
        "manual" => WeightSource.Manual,
        _ => null,
    };

    private static (string Number, bool InPounds) Unit(string weight)
    {
        foreach ((string unit, bool isPound) in ((string, bool)[])[("kg", false), ("lbs", true), ("lb", true)])
        {
            if (weight.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                return (weight[..^unit.Length], isPound);
        }

        return (weight, false);
    }
}
