using System.Globalization;
using System.Text.Json;

namespace PhysioActors.Ingest.Simulation;

/// <summary>
/// Writes the truth about simulated episodes to a file: JSON lines when its name ends in <c>.jsonl</c>, else CSV. Columns (and properties): patient, kind, detail, start, end, severity;
/// times are ISO 8601 in UTC. A label is written when its episode begins, with the end that it will have.
/// </summary>
public sealed class EpisodeLabelFile : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly bool _json;

    /// <summary>Creates the file, over one that is there.</summary>
    /// <exception cref="IOException">It cannot be created; its folder must exist.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public EpisodeLabelFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.GetFullPath(path);
        _json = full.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
        _writer = new StreamWriter(full) { AutoFlush = true, NewLine = "\n" };
        if (!_json)
            _writer.WriteLine("patient,kind,detail,start,end,severity");
    }

    /// <summary>How many were written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes a label.</summary>
    public void Write(EpisodeLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        Count++;
        string kind = EpisodeNames.Of(label.Kind);
        (string start, string end) = (Text(label.StartMs), Text(label.EndMs));
        _writer.WriteLine(_json
            ? JsonSerializer.Serialize(new { patient = label.Patient, kind, detail = label.Detail, start, end, severity = label.Severity })
            : string.Create(CultureInfo.InvariantCulture, $"{label.Patient},{kind},{label.Detail},{start},{end},{label.Severity}"));
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static string Text(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
