namespace PhysioActors.Ingest.Runs;

/// <summary>A short name for a moment, to tell the patients of one run from those of another.</summary>
internal static class RunTag
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>The milliseconds since 1970 in base 36: eight characters from 1972 to 2059, in the order of time.</summary>
    public static string Of(DateTimeOffset moment)
    {
        long left = moment.ToUnixTimeMilliseconds();
        Span<char> text = stackalloc char[13];
        int at = text.Length;
        do
        {
            text[--at] = Digits[(int)(left % Digits.Length)];
            left /= Digits.Length;
        }
        while (left > 0);
        return new string(text[at..]);
    }
}
