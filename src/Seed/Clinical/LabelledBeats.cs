using System.Globalization;
using System.IO.Compression;
using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Seed.Clinical;

/// <summary>Beat times with rhythm labels as the VitalDB Arrhythmia Database has them (Eun 2025): a CSV a case, columns time_second and rhythm_label.</summary>
internal static class LabelledBeats
{
    private const string Fibrillation = "AFIB/AFL";
    private static readonly HashSet<string> s_leftOut = ["Noise", "Unclassifiable", ""];

    /// <summary>The files of a folder, in the order of case numbers.</summary>
    public static (string Case, string Path)[] Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CommandFailedException($"{folder}: there is no such folder.", "Name the folder with Annotation_file_CASE.csv.gz files.", ExitCodes.Usage);
        (string Case, string Path)[] found = [.. Directory.GetFiles(folder, "Annotation_file_*")
            .Where(path => path.EndsWith(".csv", StringComparison.Ordinal) || path.EndsWith(".csv.gz", StringComparison.Ordinal))
            .Select(path => (Path.GetFileName(path)["Annotation_file_".Length..].Split('.')[0], path))
            .OrderBy(file => int.TryParse(file.Item1, out int number) ? number : int.MaxValue).ThenBy(file => file.Item1, StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new CommandFailedException($"{folder}: no file Annotation_file_CASE.csv or .csv.gz was found there.", exitCode: ExitCodes.Usage);
    }

    /// <summary>Plays the beats of a case through the detector, beat by beat.</summary>
    /// <exception cref="CommandFailedException">The file is no such table, or is damaged.</exception>
    public static FibrillationTally Play(string name, string path)
    {
        try
        {
            return PlayTable(name, path);
        }
        catch (InvalidDataException)
        {
            throw new CommandFailedException($"{path}: it is damaged, or was not compressed with gzip.", "Copy it again.");
        }
    }

    private static FibrillationTally PlayTable(string name, string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(content);
        string[] names = (reader.ReadLine() ?? "").Split(',');
        int time = Array.IndexOf(names, "time_second"), label = Array.IndexOf(names, "rhythm_label");
        if (time < 0 || label < 0)
            throw new CommandFailedException($"{path}: the header must name time_second and rhythm_label.");
        var detector = new AtrialFibrillationDetector();
        long[] counts = new long[4];
        long unsaid = 0, last = long.MinValue;
        var wrong = new Dictionary<string, long>();
        int line = 1;
        while (reader.ReadLine() is { } text)
        {
            line++;
            string[] fields = text.Split(',');
            if (fields.Length <= Math.Max(time, label) || !double.TryParse(fields[time], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || !(Math.Abs(seconds) < 1e9))
                throw new CommandFailedException($"{path}, line {line}: no beat with a time in seconds and a label.");
            long now = (long)Math.Round(1000 * seconds);
            if (last != long.MinValue)
                detector.Add(now - last);
            last = now;
            string rhythm = fields[label];
            if (s_leftOut.Contains(rhythm))
                continue;
            if (!detector.CanSay)
            {
                unsaid++;
                continue;
            }

            bool isTrue = rhythm == Fibrillation;
            counts[(isTrue ? 2 : 0) + (detector.IsFibrillating ? 1 : 0)]++;
            if (isTrue != detector.IsFibrillating)
                wrong[rhythm] = wrong.GetValueOrDefault(rhythm) + 1;
        }

        return new FibrillationTally(name, counts[3], counts[0], counts[1], counts[2], unsaid, wrong);
    }
}
