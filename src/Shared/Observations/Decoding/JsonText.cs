using System.Buffers.Text;
using System.Text;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>The raw bytes of JSON strings and numbers, as the tokenizer has accepted them, turned into values.</summary>
internal static class JsonText
{
    private const int MostExactDigits = 15;
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>What became of unescaping.</summary>
    public enum Outcome
    {
        /// <summary>All was written.</summary>
        Done,

        /// <summary>The text does not fit.</summary>
        TooLong,

        /// <summary>An escape names half of a surrogate pair, which is no character.</summary>
        HalfCharacter,
    }

    /// <summary>Resolves the escapes of a string's raw bytes.</summary>
    public static Outcome Unescape(ReadOnlySpan<byte> raw, Span<byte> to, out int written)
    {
        written = 0;
        Span<byte> character = stackalloc byte[4];
        for (int at = 0; at < raw.Length;)
        {
            int length = 1;
            if (raw[at] != '\\')
            {
                character[0] = raw[at++];
            }
            else if (raw[at + 1] != 'u')
            {
                character[0] = Short(raw[at + 1]);
                at += 2;
            }
            else
            {
                int value = Hex(raw[(at + 2)..]);
                at += 6;
                if (char.IsHighSurrogate((char)value) && at + 5 < raw.Length && raw[at] == '\\' && raw[at + 1] == 'u' && char.IsLowSurrogate((char)Hex(raw[(at + 2)..])))
                {
                    value = char.ConvertToUtf32((char)value, (char)Hex(raw[(at + 2)..]));
                    at += 6;
                }

                if (!Rune.TryCreate(value, out Rune rune))
                    return Outcome.HalfCharacter;
                length = rune.EncodeToUtf8(character);
            }

            if (to.Length - written < length)
                return Outcome.TooLong;
            character[..length].CopyTo(to[written..]);
            written += length;
        }

        return Outcome.Done;
    }

    /// <summary>
    /// Reads a number that the tokenizer accepted: the nearest double, infinite beyond the largest. With at most 15 digits and no exponent, both the digits and the power of ten
    /// are exact doubles, and their quotient is rounded once, so it is the nearest double.
    /// </summary>
    public static double ParseNumber(ReadOnlySpan<byte> text)
    {
        long digits = 0;
        int at = text[0] == '-' ? 1 : 0;
        int point = -1;
        if (text.Length - at <= MostExactDigits + 1)
        {
            for (; at < text.Length; at++)
            {
                uint digit = (uint)text[at] - '0';
                if (digit <= 9)
                    digits = (digits * 10) + digit;
                else if (text[at] == '.')
                    point = at;
                else
                    return ParseAnyNumber(text);
            }

            // Sixteen digits without a point pass the length check above; they need the full parser.
            if (point >= 0 || digits < 1_000_000_000_000_000)
            {
                double value = point < 0 ? digits : digits / Powers[text.Length - point - 1];
                return text[0] == '-' ? -value : value;
            }
        }

        return ParseAnyNumber(text);
    }

    /// <summary>True for the words that people and libraries write for values that are no finite numbers.</summary>
    public static bool IsNotFiniteWord(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        return Ascii.EqualsIgnoreCase(text, "nan"u8) || Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8);
    }

    /// <summary>A piece of a message for people: at most 60 bytes of it, control characters and broken bytes shown as <c>?</c>.</summary>
    public static string Show(ReadOnlySpan<byte> text)
    {
        const int Longest = 60;
        bool isCut = text.Length > Longest;
        char[] shown = Encoding.UTF8.GetString(isCut ? text[..Longest] : text).ToCharArray();
        for (int i = 0; i < shown.Length; i++)
        {
            if (char.IsControl(shown[i]) || shown[i] == '\uFFFD')
                shown[i] = '?';
        }

        return isCut ? $"{new string(shown)}..." : new string(shown);
    }

    private static double ParseAnyNumber(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out double value, out int used) && used == text.Length ? value : double.PositiveInfinity;

    private static byte Short(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => letter,
    };

    // The tokenizer has seen to it that these are four hexadecimal digits.
    private static int Hex(ReadOnlySpan<byte> text) =>
        (HexDigit(text[0]) << 12) | (HexDigit(text[1]) << 8) | (HexDigit(text[2]) << 4) | HexDigit(text[3]);

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
