using System.Buffers;

namespace PhysioActors.Shared.Patients;

/// <summary>The rule for ids: patients, encounters, devices, sessions.</summary>
internal static class IdText
{
    /// <summary>Most bytes of an id in UTF-8.</summary>
    public const int MaximumBytes = 128;

    private static readonly SearchValues<byte> Suspicious = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), 0x7F, 0xC2]);

    /// <summary>Says what is wrong with an id, given as valid UTF-8; null when nothing is.</summary>
    public static string? Check(ReadOnlySpan<byte> id, int maximumBytes = MaximumBytes)
    {
        if (id.IsEmpty)
            return "is empty";
        if (id.Length > maximumBytes)
            return $"has {id.Length} bytes of UTF-8, more than {maximumBytes}";
        return HasControlCharacter(id) ? "has a control character" : null;
    }

    /// <summary>True when there is a character of Unicode's category Cc: U+0000 to U+001F, U+007F to U+009F.</summary>
    public static bool HasControlCharacter(ReadOnlySpan<byte> utf8)
    {
        for (int at = utf8.IndexOfAny(Suspicious); at >= 0;)
        {
            // U+0080 to U+009F are C2 80 to C2 9F; what else begins with C2 is harmless.
            if (utf8[at] != 0xC2 || utf8[at + 1] < 0xA0)
                return true;
            int next = utf8[(at + 2)..].IndexOfAny(Suspicious);
            at = next < 0 ? -1 : at + 2 + next;
        }

        return false;
    }

    /// <summary>True when half of a surrogate pair stands alone.</summary>
    public static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return true;
            i++;
        }

        return false;
    }
}
