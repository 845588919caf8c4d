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
        bool inPounds = parts[1].EndsWith("lb", StringComparison.Ordinal);
        string number = inPounds || parts[1].EndsWith("kg", StringComparison.Ordinal) ? parts[1][..^2] : parts[1];
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || !(weight > 0 && weight <= WeightMeasurement.MaximumKilograms))
            throw new FormatException($"'{parts[1]}' in '{entry}' is not a weight above 0 and up to {WeightMeasurement.MaximumKilograms}, as 81.4kg or 179.5lb");
        var measurement = new WeightMeasurement(time.ToUnixTimeMilliseconds(), inPounds ? weight * RecordedWeight.KilogramsPerPound : weight, WeightSource.PatientScale)
        {
            WrittenIn = inPounds ? WeightUnit.Pound : WeightUnit.Kilogram,
        };
        foreach (string word in parts.Skip(2))
        {
            measurement = word switch
            {
                "care-team" => measurement with { Source = WeightSource.CareTeam },
                "clinic-scale" => measurement with { Source = WeightSource.ClinicScale },
                "patient-scale" => measurement with { Source = WeightSource.PatientScale },
                "manual" => measurement with { Source = WeightSource.Manual },
                "confirmed" => measurement with { IsConfirmed = true },
                _ => throw new FormatException($"'{word}' in '{entry}' is neither a source nor 'confirmed'; the form is {Form}"),
            };
        }

        return measurement;
    }
}
