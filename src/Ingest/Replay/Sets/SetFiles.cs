namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>What the readers of the sets do alike.</summary>
internal static class SetFiles
{
    /// <summary>Reads one file; when it is not of the form that it should have, that is reported and null returned.</summary>
    public static T? ReadGuarded<T>(string file, RecordingReport report, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            report.CountMalformedFile(file, e.Message);
            return null;
        }
    }

    /// <summary>Whether the first line of a file (decompressed if need be) fulfils <paramref name="test"/>; false too for a file that cannot be decompressed.</summary>
    public static bool FirstLine(string file, Func<string, bool> test)
    {
        try
        {
            using LineReader lines = new(NumericTable.OpenMaybeCompressed(file));
            return lines.Next() && test(lines.Line.ToString());
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Whether a text from a data file may become part of a patient's id: 1 to 64 letters, digits, '-', '_' or '.'.</summary>
    public static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64)
            return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
                return false;
        }

        return true;
    }
}
