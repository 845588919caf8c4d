using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Seed.Clinical;
using PhysioActors.Seed.Terminal;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio ecg detect</c>: writes the beats of records as CSV.</summary>
internal sealed class EcgDetectCommand : PhysioCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Argument<string[]> _records = new("RECORD") { Description = "WFDB records, with or without an ending, or folders of records.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _output = new("--output") { Description = "A folder for one RECORD.csv of each record; with one record also a file that ends in .csv, or '-' for standard output. What others wrote there is never written over.", HelpName = "DIR|FILE|-", Required = true };
    private readonly Option<int?> _leads = FeedOptions.Integer("--leads", "Leads of the ECG to use. Standard: 2, or 1 where there is only one.", 1, BeatDetector.MaximumLeads);
    private readonly Option<bool> _json = new("--json") { Description = "Print a summary as JSON." };
    private readonly CommandHost _host;

    public EcgDetectCommand(CommandHost host)
        : base("detect", "Finds the beats of records. A line is: number of the beat's sample, class (Normal, Ventricular, Other), confidence 0 to 1, number of the sample at which it was decided, 1 if by search-back.",
        [
            ("ecg detect mitdb/101 --output beats", "the beats of a record, as beats/101.csv"),
            ("ecg detect mitdb --output beats --json", "of all records in a folder, with a summary"),
            ("ecg detect mitdb/101 --output - | grep -c Ventricular", "into a pipe"),
        ])
    {
        _host = host;
        Add(_records);
        foreach (Option option in (Option[])[_output, _leads, _json])
            Add(option);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parse, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> records = EcgRecords.Find(parse.GetValue(_records)!, _host);
        bool json = parse.GetValue(_json);
        using var output = EcgOutput.Check(parse.GetValue(_output)!, records, json, _host, cancellationToken);
        List<EcgDetectedRecord> done = [];
        long begin = _host.Time.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        foreach (string path in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            done.Add(Detect(path, output, parse.GetValue(_leads) ?? BeatDetector.MaximumLeads));
        }

        double seconds = _host.Time.GetElapsedTime(begin).TotalSeconds;
        double busySeconds = (Environment.CpuUsage.TotalTime - busy).TotalSeconds;
        double signalSeconds = done.Sum(record => record.Seconds);
        var summary = new EcgDetectSummary(done, done.Sum(r => r.Beats), done.Sum(r => r.SearchBack), signalSeconds, seconds, busySeconds, signalSeconds / Math.Max(Math.Max(seconds, busySeconds), 1e-6));
        _host.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Counting.Of(done.Count, "record")}, {signalSeconds:#,0} s of ECG in {seconds:0.00} s, reading and writing included ({busySeconds:0.00} s of processor time): {summary.TimesRealTime:#,0} times real time on one core."));
        if (json)
            _host.Output.WriteLine(JsonSerializer.Serialize(summary, s_json));
        return ExitCodes.Ok;
    }

    private EcgDetectedRecord Detect(string path, EcgOutput output, int mostLeads)
    {
        WfdbRecord record = EcgRecords.Read(path);
        int[] leads = EcgDetection.LeadsOf(record, mostLeads);
        List<EcgFoundBeat> found = EcgDetection.Run(record, leads);
        output.Write(path, found);
        var result = new EcgDetectedRecord(
            record.Header.Record,
            [.. leads.Select(lead => record.Header.Signals[lead].Description)],
            record.Length / record.Header.SamplingHz,
            found.Count,
            found.Count(b => b.Class == BeatClass.Ventricular),
            found.Count(b => b.Beat.IsSearchBack),
            output.NameOf(path));
        _host.Error.WriteLine($"{result.Record}: {result.Beats} beats, {result.Ventricular} ventricular, {result.SearchBack} by search-back, in {string.Join(" and ", result.Leads)}");
        return result;
    }
}

/// <summary>What was found in a record.</summary>
internal sealed record EcgDetectedRecord(string Record, string[] Leads, double Seconds, int Beats, int Ventricular, int SearchBack, string File);

/// <summary>The JSON of a detection.</summary>
internal sealed record EcgDetectSummary(IReadOnlyList<EcgDetectedRecord> Records, int Beats, int SearchBack, double SignalSeconds, double WallSeconds, double ProcessorSeconds, double TimesRealTime);
