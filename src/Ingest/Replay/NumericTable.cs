using System.Globalization;
using System.IO.Compression;

namespace PhysioActors.Ingest.Replay;

/// <summary>What a cell of a <see cref="NumericTable"/> holds.</summary>
internal enum CellKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>Nothing, or NaN.</summary>
    Missing,

    /// <summary>Something else.</summary>
    Malformed,
}

/// <summary>Reads a text table of numbers with a header line (<c>.csv</c>, <c>.psv</c>, also with <c>.gz</c>), one row at a time. None of the sets quotes a cell.</summary>
internal sealed class NumericTable : IDisposable
{
    private const int MaximumColumns = 256;

    private readonly LineReader _lines;
    private readonly char _separator;
    private readonly string[] _header;
    private readonly Range[] _cells;
    private int _cellCount;

    /// <exception cref="InvalidDataException">There is no header, or it lacks one of <paramref name="required"/>; the message says what, for the report.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public NumericTable(string path, char separator, params ReadOnlySpan<string> required)
    {
        Path = path;
        _separator = separator;
        _lines = new LineReader(OpenMaybeCompressed(path));
        try
        {
            if (!_lines.Next())
                throw new InvalidDataException("the file is empty; a header line is expected");
            _header = _lines.Line.ToString().Split(separator, StringSplitOptions.TrimEntries);
            if (_header.Length > MaximumColumns)
                throw new InvalidDataException($"the header has more than {MaximumColumns} columns");
            foreach (string name in required)
            {
                if (Column(name) < 0)
                    throw new InvalidDataException($"the header has no column '{name}'");
            }

            _cells = new Range[_header.Length + 1];
        }
        catch
        {
            _lines.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The names of the columns, without blanks around them.</summary>
    public IReadOnlyList<string> Header => _header;

    /// <summary>The current line, from 1 (the header).</summary>
    public long LineNumber => _lines.Number;

    /// <summary>Opens a file, decompressing it when its name ends in <c>.gz</c>.</summary>
    public static Stream OpenMaybeCompressed(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The place of a column, compared without case; -1 when there is none.</summary>
    public int Column(string name) => Array.FindIndex(_header, h => h.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Goes on to the next row that is not blank; false at the end.</summary>
    /// <exception cref="InvalidDataException">The compressed file is damaged.</exception>
    public bool Next()
    {
        while (_lines.Next())
        {
            if (_lines.Line.IsWhiteSpace())
                continue;
            _cellCount = _lines.Line.Split(_cells, _separator);
            return true;
        }

        return false;
    }

    /// <summary>Why the current row cannot be taken apart; null when it can.</summary>
    public string? RowProblem =>
        _lines.IsTooLong ? $"the line is longer than {LineReader.MaximumLength} characters"
        : _cellCount != _header.Length ? $"{(_cellCount > _header.Length ? "more" : "fewer")} cells than the header's {_header.Length}"
        : null;

    /// <summary>The text of a cell, without blanks around it.</summary>
    public ReadOnlySpan<char> Text(int column) => _lines.Line[_cells[column]].Trim();

    /// <summary>The number in a cell.</summary>
    public CellKind Number(int column, out double value) => Parse(Text(column), out value);

    /// <summary>Reads a cell's text as a number.</summary>
    public static CellKind Parse(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        if (text.IsEmpty || text.Equals("NaN", StringComparison.OrdinalIgnoreCase))
            return CellKind.Missing;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) ? CellKind.Number : CellKind.Malformed;
    }

    public void Dispose() => _lines.Dispose();
}
