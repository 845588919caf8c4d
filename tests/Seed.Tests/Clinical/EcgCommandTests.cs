using System.Globalization;
using System.Text.Json;
using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Seed.Clinical;

namespace PhysioActors.Seed.Tests.Clinical;

public class EcgCommandTests
{
    private const string Records = "mitdb";

    [SharedDataFact(Records)]
    public async Task Detected_beats_are_written_with_class_and_time_of_decision()
    {
        using var host = new TestHost();
        string record = Path.Combine(SharedDataFactAttribute.Find(Records)!, "119");
        Assert.Equal(ExitCodes.Ok, await host.RunAsync("ecg", "detect", record, "--output", "beats", "--json"));
        using JsonDocument report = JsonDocument.Parse(host.Output.ToString());
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(host.Folder, "beats", "119.csv"));
        Assert.Equal("sample,class,confidence,decidedAt,searchBack", lines[0]);
        Assert.Equal(report.RootElement.GetProperty("beats").GetInt32(), lines.Length - 1);
        List<EcgFoundBeat> beats = [.. lines.Skip(1).Select(Parse)];
        EcgBeatScore score = EcgBeatScore.Of(WfdbAnnotation.ReadFile(record + ".atr"), beats, 360, 300, 0.15);
        Assert.Equal(0, score.Errors);
        Assert.Equal((364, 364, 364), (score.Ventricular, score.VentricularFound, score.CalledVentricular));
        // For two seconds the detector learns what a beat is; those before are told then.
        Assert.All(beats.Where(beat => !beat.Beat.IsSearchBack && beat.Beat.Sample > 2 * 360), beat => Assert.InRange(beat.Beat.DecidedAt - beat.Beat.Sample, 0, 0.4 * 360));
    }

    [SharedDataFact(Records)]
    public async Task A_record_that_is_left_out_has_no_part_in_the_weights_it_is_scored_with()
    {
        using var host = new TestHost();
        string folder = SharedDataFactAttribute.Find(Records)!;
        IReadOnlyList<EcgAnnotatedRecord> three = EcgRecords.ReadAnnotated([Path.Combine(folder, "109"), Path.Combine(folder, "119"), Path.Combine(folder, "205")]);
        BeatModel leftOut = new EcgFit(three, 1).Fit(without: 1), never = new EcgFit([three[0], three[2]], 1).Fit();
        Assert.Equal(never.Candidate.ToArray(), leftOut.Candidate.ToArray());
        Assert.Equal(never.Form.ToArray(), leftOut.Form.ToArray());
        Assert.Equal(never.Class.ToArray(), leftOut.Class.ToArray());
        List<EcgFoundBeat> found = EcgDetection.Run(three[1].Record, [0], leftOut);
        Assert.InRange(EcgBeatScore.Of(three[1].Annotations, found, 360, 300, 0.15).Sensitivity, 0.99, 1);
    }

    [Fact]
    public async Task A_fit_without_records_is_a_clear_error()
    {
        using var host = new TestHost();
        Directory.CreateDirectory(Path.Combine(host.Folder, "empty"));
        Assert.NotEqual(ExitCodes.Ok, await host.RunAsync("ecg", "fit", "empty"));
        Assert.Contains("no WFDB records", host.Error.ToString(), StringComparison.Ordinal);
    }

    private static EcgFoundBeat Parse(string line)
    {
        string[] fields = line.Split(',');
        BeatClass class_ = Enum.Parse<BeatClass>(fields[1]);
        return new EcgFoundBeat(new Beat(Number(0), class_, double.Parse(fields[2], CultureInfo.InvariantCulture), Number(3), fields[4] == "1"), class_);

        long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
    }
}
