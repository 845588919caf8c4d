using PhysioActors.Ingest.Waveforms.Wfdb;

namespace PhysioActors.Seed.Clinical;

/// <summary>Finds the records that a command line names.</summary>
internal static class EcgRecords
{
    /// <summary>Paths of records without their endings, in the order given; a folder stands for all records in it, in the order of their names.</summary>
    /// <param name="arguments">Records, with or without an ending, or folders.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="CommandFailedException">A record or folder is not there, or two records have one name.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> arguments, string folder)
    {
        List<string> records = [];
        foreach (string argument in arguments)
        {
            string path = Path.GetFullPath(argument, folder);
            if (!Directory.Exists(path))
            {
                records.Add(WfdbHeader.WithoutEnding(path));
                continue;
            }

            string[] headers = Directory.GetFiles(path, "*.hea");
            if (headers.Length == 0)
                throw new CommandFailedException($"{argument}: the folder has no WFDB records (NAME.hea).", "Name a record by its path, or a folder of records.");
            records.AddRange(headers.Order(StringComparer.Ordinal).Select(WfdbHeader.WithoutEnding));
        }

        if (records.GroupBy(Path.GetFileName).FirstOrDefault(group => group.Count() > 1) is { Key: { } twice })
            throw new CommandFailedException($"Two of the records are named {twice}.", "Results are named by record: handle them in two runs.");
        return records;
    }

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
