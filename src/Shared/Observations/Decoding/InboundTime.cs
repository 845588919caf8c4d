using System.Buffers.Text;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>
/// Instants in messages: a string in RFC 3339 form (date, <c>T</c>, time with seconds, up to 9 decimals, <c>Z</c> or an offset; digits below the millisecond are cut off),
/// or a whole number of milliseconds since 1970.
/// </summary>
internal static class InboundTime
{
    /// <summary>How far an event may lie after the Kafka timestamp of its record. The clock is the record's, so that a replay decides alike.</summary>
    public const long MaximumAheadMs = 5 * 60 * 1000;

    /// <summary>What is right, for messages to people.</summary>
    public const string Form = "an ISO 8601 instant with its zone, as \"2026-11-21T10:00:00.000Z\", or whole milliseconds since 1970";

    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>Reads whole milliseconds.</summary>
    public static bool TryParseNumber(ReadOnlySpan<byte> text, out long milliseconds) =>
        Utf8Parser.TryParse(text, out milliseconds, out int used) && used == text.Length;

    /// <summary>Reads an RFC 3339 instant, of any year from 0001 to 9999.</summary>
    public static bool TryParseText(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
            return false;
        int year = (TwoDigits(text) * 100) + TwoDigits(text[2..]);
        int month = TwoDigits(text[5..]);
        int day = TwoDigits(text[8..]);
        int hour = TwoDigits(text[11..]);
        int minute = TwoDigits(text[14..]);
        int second = TwoDigits(text[17..]);

        // A pair that is not of digits is below -100,000 and fails its range.
        if (year < 1 || (uint)(month - 1) >= 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || (uint)hour > 23 || (uint)minute > 59 || (uint)second > 59)
            return false;

        int at = 19;
        int thousandths = 0;
        if (text[at] == '.')
        {
            int scale = 100;
            int first = ++at;
            for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
            {
                thousandths += (text[at] - '0') * scale;
                scale /= 10;
            }

            if (at == first || at - first > 9 || at == text.Length)
                return false;
        }

        if (!TryParseZone(text[at..], out int offsetMinutes))
            return false;
        long inDay = (((((hour * 60L) + minute - offsetMinutes) * 60) + second) * 1000) + thousandths;
        milliseconds = (DaysSince1970(year, month, day) * MillisecondsPerDay) + inDay;
        return true;
    }

    /// <summary>Says what is wrong with an instant in a record of the given Kafka timestamp; null when nothing is.</summary>
    public static string? Check(long milliseconds, long recordTimestampMs)
    {
        if (milliseconds < 0)
            return "The time lies before 1970.";
        return IsAhead(milliseconds, recordTimestampMs)
            ? $"The time lies {milliseconds - Math.Max(recordTimestampMs, -1)} ms after the record's Kafka timestamp; at most {MaximumAheadMs} ms are taken. Check the clocks of device and gateway."
            : null;
    }

    /// <summary>True when <see cref="Check"/> finds nothing.</summary>
    public static bool IsValid(long milliseconds, long recordTimestampMs) => milliseconds >= 0 && !IsAhead(milliseconds, recordTimestampMs);

    private static bool IsAhead(long milliseconds, long recordTimestampMs) => milliseconds - MaximumAheadMs > recordTimestampMs;

    private static bool TryParseZone(ReadOnlySpan<byte> zone, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (zone.Length == 1)
            return (zone[0] | 0x20) == 'z';
        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':')
            return false;
        int hours = TwoDigits(zone[1..]);
        int minutes = TwoDigits(zone[4..]);
        if ((uint)hours > 23 || (uint)minutes > 59)
            return false;
        offsetMinutes = (hours * 60) + minutes;
        if (zone[0] == '-')
            offsetMinutes = -offsetMinutes;
        return true;
    }

    private static int TwoDigits(ReadOnlySpan<byte> text)
    {
        uint tens = (uint)text[0] - '0';
        uint ones = (uint)text[1] - '0';
        return tens > 9 || ones > 9 ? -1_000_000 : (int)((tens * 10) + ones);
    }

    // Counted from 1 March of year 0, so that the leap day is the last of its year.
    private static long DaysSince1970(int year, int month, int day)
    {
        if (month <= 2)
            year--;
        int monthFromMarch = (month + 9) % 12;
        long days = (year * 365L) + (year / 4) - (year / 100) + (year / 400) + (((monthFromMarch * 153) + 2) / 5) + day - 1;
        return days - 719_468;
    }
}
