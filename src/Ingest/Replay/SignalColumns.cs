using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay;

/// <summary>A column that holds a signal.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Code">What it measures.</param>
internal readonly record struct SignalColumn(string Name, SignalCode Code)
{
    /// <summary>Whether 0 means 'no value' in this set.</summary>
    public bool ZeroIsNoValue { get; init; }

    /// <summary>A column whose 'no value' takes this one's value with it, since one transducer gives both; null for none.</summary>
    public string? GoverningColumn { get; init; }

    /// <summary>Whether values up to 1 are fractions, to be sent as percent.</summary>
    public bool IsFraction { get; init; }

    /// <summary>How the set obtained it.</summary>
    public ReadingSource Source { get; init; }
}

/// <summary>Copies the signals of a table's row into a recording.</summary>
internal static class SignalColumns
{
    /// <summary>Reads the current row of <paramref name="table"/> as the row at <paramref name="offsetMs"/>; what is wrong with it is counted, and the row then left out whole. A weight that is known from elsewhere can go with it.</summary>
    public static void AddRow(NumericTable table, ReadOnlySpan<SignalColumn> columns, ReadOnlySpan<int> places, long offsetMs, RecordingBuilder recording, RecordingReport report, double? weightKg = null)
    {
        if (!recording.TryBegin(offsetMs))
        {
            report.CountMalformedRow(table.Path, table.LineNumber, "the time does not rise");
            return;
        }

        // A first look, so that a malformed row leaves no trace in the counts of its cells.
        for (int i = 0; i < columns.Length; i++)
        {
            if (places[i] >= 0 && table.Number(places[i], out _) == CellKind.Malformed)
            {
                report.CountMalformedRow(table.Path, table.LineNumber, $"{columns[i].Name} is not a number");
                return;
            }
        }

        for (int i = 0; i < columns.Length; i++)
        {
            SignalColumn column = columns[i];
            if (places[i] < 0)
                continue;
            if (table.Number(places[i], out double value) == CellKind.Missing)
            {
                report.CountMissing(column.Name);
            }
            else if (column.ZeroIsNoValue && (value == 0 || IsGovernorOff(table, column)))
            {
                report.CountNoValue(column.Name);
            }
            else if (!recording.TryAdd(column.Code, column.IsFraction && value is > 0 and <= 1 ? value * 100 : value, column.Source))
            {
                recording.Abandon();
                report.CountMalformedRow(table.Path, table.LineNumber, $"{column.Name} is too large for any vital sign");
                return;
            }
        }

        if (weightKg is { } weight)
            recording.TryAdd(SignalCode.Weight, weight, ReadingSource.Unspecified);
        recording.End();
    }

    private static bool IsGovernorOff(NumericTable table, in SignalColumn column) =>
        column.GoverningColumn is { } governor && table.Number(table.Column(governor), out double value) == CellKind.Number && value == 0;

    /// <summary>Where each column stands in the table; -1 for those that it lacks.</summary>
    public static int[] Places(NumericTable table, ReadOnlySpan<SignalColumn> columns)
    {
        int[] places = new int[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            places[i] = table.Column(columns[i].Name);
        return places;
    }

    /// <summary>Converts a time to milliseconds; false when it is negative or more than a century.</summary>
    public static bool TryMilliseconds(double value, double millisecondsPerUnit, out long milliseconds)
    {
        double scaled = value * millisecondsPerUnit;
        milliseconds = scaled is >= 0 and < 3.2e12 ? (long)Math.Round(scaled) : -1;
        return milliseconds >= 0;
    }
}
