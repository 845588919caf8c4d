using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Seed.Commands;

namespace PhysioActors.Seed.Clinical;

/// <summary>Finds the records that a command line names.</summary>
internal static class EcgRecords
{
    /// <summary>Paths of records without their endings, in the order given, each once; a folder stands for all records in it, in the order of their names.</summary>
    /// <param name="arguments">Records, with or without an ending, or folders.</param>
    /// <param name="host">The process: relative paths are relative to its folder, and it is told of a record that is named twice.</param>
    /// <exception cref="CommandFailedException">A record or folder is not there, or two records have one name.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> arguments, CommandHost host)
    {
        List<string> records = [];
        foreach (string argument in arguments)
        {
            string path = argument.Length > 0 ? Path.GetFullPath(argument, host.Folder) : throw Missing("A record without a name");
            if (!Directory.Exists(path))
            {
                string record = WfdbHeader.WithoutEnding(path);
                records.Add(File.Exists(record + ".hea") ? record : throw Missing(argument));
                continue;
            }

            string[] headers = Directory.GetFiles(path, "*.hea");
            if (headers.Length == 0)
                throw new CommandFailedException($"{argument}: the folder has no WFDB records (NAME.hea).", "Name a record by its path, or a folder of records.", ExitCodes.Usage);
            records.AddRange(headers.Order(StringComparer.Ordinal).Select(WfdbHeader.WithoutEnding));
        }

        string[] once = [.. records.Distinct(StringComparer.Ordinal)];
        if (once.Length < records.Count)
            host.Error.WriteLine($"{records.GroupBy(path => path, StringComparer.Ordinal).First(group => group.Count() > 1).Key} is named more than once, and taken once.");
        if (once.GroupBy(Path.GetFileName).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new CommandFailedException($"Two of the records are named {same.Key}: {string.Join(" and ", same.Take(2))}.", "Results are named by record: handle them in two runs, each with a folder of its own.", ExitCodes.Usage);
        return once;
    }

    private static CommandFailedException Missing(string record) => new($"{record}: there is no such record, for there is no header (.hea).", "Name a WFDB record by its path, with or without its ending, or a folder of records.", ExitCodes.Usage);

    /// <summary>Reads records with their annotations.</summary>
    public static IReadOnlyList<EcgAnnotatedRecord> ReadAnnotated(IEnumerable<string> records) =>
        [.. records.Select(path => new EcgAnnotatedRecord(Path.GetFileName(path), Read(path), WfdbAnnotation.ReadFile(path + ".atr")))];

    /// <summary>Reads a record that has a lead of an ECG at a rate the detector takes.</summary>
    public static WfdbRecord Read(string path)
    {
        WfdbRecord record = WfdbRecord.Read(path);
        if (EcgDetection.LeadsOf(record, 1).Length == 0)
            throw new CommandFailedException($"{record.Header.Path}: no signal is an ECG (its unit would be mV).", "Give a record with an ECG.");
        if (record.Header.SamplingHz is < 50 or > 1000)
            throw new CommandFailedException($"{record.Header.Path}: {record.Header.SamplingHz} samples in a second are out of the range 50 to 1000.", "Resample the record.");
        return record;
    }
}
