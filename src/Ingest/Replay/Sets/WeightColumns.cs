using System.Globalization;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Where a table of weighings has what, found by the names in its header: when, how much, in which unit, who, and how it was obtained. A cell may stand in quotes.
/// </summary>
internal sealed class WeightColumns
{
    private const double MillisecondsPerDay = 86_400_000;

    private static readonly string[] _personNames = ["id", "subject", "person", "participant", "patient", "user"];
    private static readonly string[] _dateNames = ["startdate", "timestamp", "datetime", "date", "time"];

    // Of two columns the first is taken: a table that has 'pounds' beside 'kilograms' has both rounded to whole units, and a pound is the finer one.
    private static readonly string[] _weightNames =
        ["weightkg", "weight_kg", "body_weight", "bodyweight", "weight", "kg", "weightpounds", "weight_lb", "pounds", "lbs", "lb", "kilograms"];

    private static readonly string[] _poundNames = ["weightpounds", "weight_lb", "pounds", "lbs", "lb"];

    private readonly int _count;
    private readonly int _person;
    private readonly int _date;
    private readonly int _day;
    private readonly int _epochMs;
    private readonly int _weight;
    private readonly int _unit;
    private readonly int _manual;
    private readonly int _sourceName;
    private readonly bool _isInPounds;

    private WeightColumns(string[] header)
    {
        _count = header.Length;
        _person = First(header, _personNames);
        _date = First(header, _dateNames);
        _day = First(header, ["day"]);
        _unit = First(header, ["unit", "units"]);
        _weight = First(header, _weightNames);
        if (_weight < 0 && _unit >= 0)
            _weight = First(header, ["value"]);
        _manual = First(header, ["ismanualreport", "manual"]);
        _sourceName = First(header, ["sourcename"]);

        // Fitbit numbers a weighing by its time.
        _epochMs = _manual >= 0 ? First(header, ["logid"]) : -1;
        _isInPounds = _weight >= 0 && _poundNames.Contains(header[_weight]);
        WeightName = _weight >= 0 ? header[_weight] : "";
    }

    /// <summary>Whether rows belong to people whom a column names; otherwise all are of one.</summary>
    public bool HasPerson => _person >= 0;

    /// <summary>The name of the weight's column.</summary>
    public string WeightName { get; }

    /// <summary>The columns of a header; null when it is not that of a table of weighings.</summary>
    public static WeightColumns? Of(ReadOnlySpan<char> headerLine)
    {
        string[] header = Array.ConvertAll(Cells(headerLine), cell => cell.ToLowerInvariant());
        WeightColumns columns = new(header);
        return columns._weight >= 0 && (columns._date >= 0 || columns._day >= 0 || columns._epochMs >= 0) ? columns : null;
    }

    /// <summary>Reads a row.</summary>
    /// <param name="line">The row.</param>
    /// <param name="person">Who, as a column says; empty without such a column.</param>
    /// <param name="weight">The weighing; null when its cell is empty or says that there is none.</param>
    /// <returns>Why the row cannot be used; null when it can.</returns>
    public string? Read(ReadOnlySpan<char> line, out string person, out RecordedWeight? weight)
    {
        (person, weight) = ("", null);
        string[] cells = Cells(line);
        if (cells.Length != _count)
            return $"{(cells.Length > _count ? "more" : "fewer")} cells than the header's {_count}";
        if (HasPerson && !SetFiles.IsId(person = cells[_person]))
            return "the person cannot be a part of a patient's id (letters, digits, '-', '_', '.')";
        if (!TryTime(cells, out long timeMs))
            return "the time is not one";
        string text = cells[_weight];
        CellKind kind = text.Equals("NA", StringComparison.OrdinalIgnoreCase) ? CellKind.Missing : NumericTable.Parse(text, out double value) is var parsed && parsed == CellKind.Number && value <= 0 ? CellKind.Malformed : parsed;
        if (kind == CellKind.Malformed)
            return $"{WeightName} is not a weight";
        if (kind == CellKind.Missing)
            return null;
        bool inPounds = _isInPounds;
        if (_unit >= 0 && !TryUnit(cells[_unit], out inPounds))
            return "the unit is neither kg nor lb";
        NumericTable.Parse(text, out double number);
        weight = new RecordedWeight(timeMs, number, inPounds, Source(cells));
        return null;
    }

    private bool TryTime(string[] cells, out long timeMs)
    {
        timeMs = 0;
        if (_epochMs >= 0)
            return long.TryParse(cells[_epochMs], NumberStyles.None, CultureInfo.InvariantCulture, out timeMs);
        if (_date < 0)
            return NumericTable.Parse(cells[_day], out double day) == CellKind.Number && SignalColumns.TryMilliseconds(day, MillisecondsPerDay, out timeMs);
        if (!DateTimeOffset.TryParse(cells[_date], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) || time < DateTimeOffset.UnixEpoch)
            return false;
        timeMs = time.ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>A column says that somebody typed it in, or the name of the health app itself does: scales come through apps of their own.</summary>
    private ReadingSource Source(string[] cells) =>
        (_manual >= 0 && cells[_manual].Equals("true", StringComparison.OrdinalIgnoreCase)) || (_sourceName >= 0 && cells[_sourceName] == "Health")
            ? ReadingSource.Manual
            : ReadingSource.SpotCheck;

    private static bool TryUnit(string unit, out bool isInPounds)
    {
        isInPounds = unit.ToLowerInvariant() is "lb" or "lbs" or "[lb_av]" or "pounds";
        return isInPounds || unit.Equals("kg", StringComparison.OrdinalIgnoreCase);
    }

    private static int First(string[] header, string[] names)
    {
        foreach (string name in names)
        {
            int at = Array.IndexOf(header, name);
            if (at >= 0)
                return at;
        }

        return -1;
    }

    /// <summary>The cells of a line, without blanks and quotes around them; a comma inside quotes does not end a cell.</summary>
    private static string[] Cells(ReadOnlySpan<char> line)
    {
        List<string> cells = [];
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && line[i] == '"')
                quoted = !quoted;
            if (i < line.Length && (line[i] != ',' || quoted))
                continue;
            cells.Add(line[start..i].Trim().Trim('"').ToString());
            start = i + 1;
        }

        return [.. cells];
    }
}
