using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PhysioActors.Shared.Json;

/// <summary>
/// A growing buffer for messages whose shape is fixed: the punctuation is written as constant pieces, the values by the methods here.
/// Nothing is checked but the values; a message that is not of fixed shape is written with <see cref="System.Text.Json.Utf8JsonWriter"/>.
/// </summary>
/// <remarks>Not thread-safe. What <see cref="Written"/> gives is valid until the next write.</remarks>
internal sealed class JsonBuffer
{
    private const int LongestNumber = 24;
    private const long MillisecondsPerDay = 86_400_000;
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), (byte)'"', (byte)'\\']);
    private static readonly double[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    private readonly byte[] _date = new byte[11];
    private long _dateDay = long.MinValue;
    private byte[] _buffer;
    private int _length;

    public JsonBuffer(int capacity) => _buffer = new byte[capacity];

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Writes a constant piece.</summary>
    public void Raw(ReadOnlySpan<byte> piece)
    {
        Reserve(piece.Length);
        piece.CopyTo(_buffer.AsSpan(_length));
        _length += piece.Length;
    }

    /// <summary>Writes a string with its quotes.</summary>
    public void Text(string value)
    {
        Reserve((value.Length * 3) + 2);
        _buffer[_length++] = (byte)'"';
        int written = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
        if (_buffer.AsSpan(_length, written).ContainsAny(MustEscape))
            Escape(written);
        else
            _length += written;
        Raw("\""u8);
    }

    /// <summary>Writes a string that is already UTF-8, with its quotes.</summary>
    public void Text(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length + 2);
        _buffer[_length++] = (byte)'"';
        value.CopyTo(_buffer.AsSpan(_length));
        if (value.ContainsAny(MustEscape))
            Escape(value.Length);
        else
            _length += value.Length;
        Raw("\""u8);
    }

    /// <summary>Writes a whole number.</summary>
    public void Integer(long value)
    {
        Reserve(LongestNumber);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out int written);
        _length += written;
    }

    /// <summary>Writes <paramref name="count"/> * 10^-<paramref name="decimals"/>, without zeros at its end.</summary>
    public void Fixed(long count, int decimals)
    {
        Debug.Assert(decimals < Powers.Length);
        Reserve(LongestNumber);
        if (count < 0)
            _buffer[_length++] = (byte)'-';
        ulong left = (ulong)Math.Abs(count);
        while (decimals > 0 && left % 10 == 0)
        {
            left /= 10;
            decimals--;
        }

        // Digits come from the right: all divisions are by a constant, which the compiler turns into multiplications.
        int digits = Math.Max(Digits(left), decimals + 1);
        int at = _length + digits + (decimals > 0 ? 1 : 0);
        _length = at;
        for (; decimals > 0; decimals--, digits--)
        {
            _buffer[--at] = (byte)('0' + (left % 10));
            left /= 10;
            if (decimals == 1)
                _buffer[--at] = (byte)'.';
        }

        for (; digits > 0; digits--)
        {
            _buffer[--at] = (byte)('0' + (left % 10));
            left /= 10;
        }
    }

    /// <summary>Writes a number rounded to <paramref name="decimals"/>; <c>null</c> when it is none.</summary>
    public void Number(double value, int decimals)
    {
        double scaled = Math.Round(value * Powers[decimals]);
        if (Math.Abs(scaled) < 1e18)
            Fixed((long)scaled, decimals);
        else if (double.IsFinite(value))
            Large(value);
        else
            Raw("null"u8);
    }

    /// <summary>Writes an instant as a string in ISO 8601 with milliseconds, UTC.</summary>
    public void Time(long milliseconds)
    {
        (long day, long inDay) = Math.DivRem(milliseconds, MillisecondsPerDay);
        if (inDay < 0)
        {
            day--;
            inDay += MillisecondsPerDay;
        }

        if (day != _dateDay)
            SetDate(day);
        // "yyyy-MM-ddTHH:mm:ss.fffZ" with its quotes.
        Reserve(26);
        Span<byte> at = _buffer.AsSpan(_length, 26);
        at[0] = (byte)'"';
        _date.CopyTo(at[1..]);
        (int seconds, int thousandths) = Math.DivRem((int)inDay, 1000);
        (int minutes, seconds) = Math.DivRem(seconds, 60);
        (int hours, minutes) = Math.DivRem(minutes, 60);
        TwoDigits(at[12..], hours, (byte)':');
        TwoDigits(at[15..], minutes, (byte)':');
        TwoDigits(at[18..], seconds, (byte)'.');
        at[21] = (byte)('0' + (thousandths / 100));
        TwoDigits(at[22..], thousandths % 100, (byte)'Z');
        at[25] = (byte)'"';
        _length += 26;
    }

    private static int Digits(ulong value)
    {
        int digits = 1;
        while (value >= 10_000)
        {
            value /= 10_000;
            digits += 4;
        }

        return digits + (value >= 1000 ? 3 : value >= 100 ? 2 : value >= 10 ? 1 : 0);
    }

    private static void TwoDigits(Span<byte> at, int value, byte next)
    {
        at[2] = next;
        at[1] = (byte)('0' + (value % 10));
        at[0] = (byte)('0' + (value / 10));
    }

    private void SetDate(long day)
    {
        DateTime.UnixEpoch.AddDays(day).TryFormat(_date, out int _, "yyyy-MM-ddT", CultureInfo.InvariantCulture);
        _dateDay = day;
    }

    private void Large(double value)
    {
        Reserve(32);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out int written);
        _length += written;
    }

    // The bytes to be escaped lie behind the end already; each may become six.
    private void Escape(int count)
    {
        byte[] raw = _buffer.AsSpan(_length, count).ToArray();
        Reserve(count * 6);
        foreach (byte next in raw)
        {
            if (next < 32)
            {
                Raw("\\u00"u8);
                _buffer[_length++] = (byte)"0123456789abcdef"[next >> 4];
                _buffer[_length++] = (byte)"0123456789abcdef"[next & 15];
                continue;
            }

            if (next is (byte)'"' or (byte)'\\')
                _buffer[_length++] = (byte)'\\';
            _buffer[_length++] = next;
        }
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
    }
}
