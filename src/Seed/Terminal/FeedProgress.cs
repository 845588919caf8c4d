using System.Globalization;
using PhysioActors.Ingest.Runs;

namespace PhysioActors.Seed.Terminal;

/// <summary>Shows how far sending has got: one line that is written over on a terminal, a line now and then elsewhere.</summary>
/// <param name="writer">Where to.</param>
/// <param name="isTerminal">True to write over the line.</param>
/// <param name="time">The clock.</param>
internal sealed class FeedProgress(TextWriter writer, bool isTerminal, TimeProvider time) : IProgress<IngestProgress>
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long _last = time.GetTimestamp();
    private int _width;

    /// <summary>Takes the progress; may be called from any thread.</summary>
    public void Report(IngestProgress value)
    {
        lock (_lock)
        {
            string line = Line(value);
            if (isTerminal)
            {
                writer.Write('\r' + line.PadRight(_width));
                _width = line.Length;
            }
            else if (time.GetElapsedTime(_last) >= s_pause)
            {
                _last = time.GetTimestamp();
                writer.WriteLine(line);
            }
        }
    }

    /// <summary>Leaves the line.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_width > 0)
                writer.WriteLine();
            _width = 0;
        }
    }

    /// <summary>The line.</summary>
    internal static string Line(IngestProgress value)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"sent {value.Sent:#,0}  {value.RatePerSecond:#,0}/s  event time {value.EventTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}");
        if (value.Fraction is { } fraction)
            line += string.Create(CultureInfo.InvariantCulture, $"  {fraction * 100:0}%");
        return value.Waiting is { } waiting ? $"{line}  ({waiting})" : line;
    }
}
