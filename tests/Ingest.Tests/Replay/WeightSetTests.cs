using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Replay;

public sealed class WeightSetTests : IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Each_known_form_is_read_with_its_people_units_times_and_sources()
    {
        _scratch.Write("fitabase_x.csv", "Id,Date,WeightKg,WeightPounds,Fat,BMI,IsManualReport,LogId", "77,4/13/16,133.5,294.3,,47.5,FALSE,1460509732000", "78,4/13/16,72.4,159.6,,27.4,TRUE,1460509732000");
        _scratch.Write("krone_y.csv", "\"\",\"subject\",\"day\",\"sex\",\"week\",\"condition\",\"body_weight\"", "\"1\",2,0,1,1,1,69.4", "\"2\",2,1,1,1,1,NA", "\"3\",2,2,1,1,1,71.65");
        _scratch.Write("phone_z.csv", "startDate,value,unit,sourceName", "2022-01-19 06:22:42 -0800,220.5,lb,\"Scale, upstairs\"", "2022-01-18 06:22:42 -0800,100,kg,Health");
        _scratch.Write("diary_w.csv", "date,pounds,kilograms", "2023-01-19,245,111", "2023-01-20,248,112");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal(
            ["weight:diary", "weight:fitabase-77", "weight:fitabase-78", "weight:krone-2", "weight:phone"],
            recordings.Select(r => r.Identity.Patient));
        Assert.Equal([(0, 245 * 0.45359237, ReadingSource.Manual), (DayMs, 248 * 0.45359237, ReadingSource.Manual)], Rows(recordings[0]), Near);
        Assert.Equal([(0, 133.5, ReadingSource.SpotCheck)], Rows(recordings[1]), Near);
        Assert.Equal([(0, 72.4, ReadingSource.Manual)], Rows(recordings[2]), Near);
        Assert.Equal([(0, 69.4, ReadingSource.SpotCheck), (2 * DayMs, 71.65, ReadingSource.SpotCheck)], Rows(recordings[3]), Near);
        Assert.Equal([(0, 100, ReadingSource.Manual), (DayMs, 220.5 * 0.45359237, ReadingSource.SpotCheck)], Rows(recordings[4]), Near);
        Assert.Equal(1, report.Missing["body_weight"]);
        Assert.Equal(9, report.Rows);
        Assert.Equal(1, report.RowsWithoutValue);
        Assert.Equal(0, report.MalformedRows);
    }

    [Fact]
    public void Repeats_go_out_once_and_different_weights_of_one_moment_a_millisecond_apart()
    {
        _scratch.Write("a.csv", "time,weight_kg", "2024-05-01T08:00:00Z,80.2", "2024-05-01T08:00:00Z,80.2", "2024-05-01T08:00:00Z,80.4");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal([(0, 80.2, ReadingSource.SpotCheck), (1, 80.4, ReadingSource.SpotCheck)], Rows(Assert.Single(recordings)), Near);
        Assert.Equal(1, report.RowsWithoutValue);
    }

    [Fact]
    public void A_row_that_cannot_be_used_is_reported_with_its_line()
    {
        string file = _scratch.Write("a.csv", "startDate,value,unit", "2024-05-01,80.2,kg", "2024-05-02,eighty,kg", "yesterday,80.1,kg", "2024-05-04,12.6,st", "2024-05-05,80", "2024-05-06,-80,kg");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal(1, Assert.Single(recordings).Count);
        Assert.Equal(
            [
                new RecordingProblem(file, 3, "value is not a weight"),
                new RecordingProblem(file, 4, "the time is not one"),
                new RecordingProblem(file, 5, "the unit is neither kg nor lb"),
                new RecordingProblem(file, 6, "fewer cells than the header's 3"),
                new RecordingProblem(file, 7, "value is not a weight"),
            ],
            report.Problems);
    }

    [Fact]
    public void Tables_of_two_files_whose_names_begin_alike_keep_their_whole_names()
    {
        _scratch.Write("home_1.csv", "date,kg", "2024-05-01,80.2");
        _scratch.Write("home_2.csv", "date,kg", "2024-05-01,60.2");
        Assert.Equal(["weight:home_1", "weight:home_2"], Read().Recordings.Select(r => r.Identity.Patient));
    }

    [Theory]
    [InlineData("stay_id,weight_kg")]
    [InlineData("date,value")]
    [InlineData("date,hr")]
    public void A_table_without_a_time_or_a_weight_with_a_unit_is_not_taken_for_one(string header)
    {
        _scratch.Write("a.csv", header, "1,2");
        Assert.False(new WeightSet().Matches(new RecordingPlace(_scratch.Path)));
    }

    [SharedDataFact("weight")]
    public void The_shared_weights_have_the_stated_people_rows_and_missing_cells()
    {
        RecordingFolder folder = RecordingSource.Find(SharedData.Set("weight")).Folders.Single();
        Assert.IsType<WeightSet>(folder.Set);
        RecordingReport report = new("weight");
        List<NumericRecording> recordings = [.. folder.Set.Open(folder.Place, report).Cast<NumericRecording>()];
        Assert.Equal(4 + 6 + 1 + 1, recordings.Count);
        Assert.Equal(38 + (6 * 63) + 413 + 79, report.Rows);
        Assert.Equal(49, report.Missing["body_weight"]);
        Assert.Equal(report.Rows, report.RowsWithoutValue + recordings.Sum(r => (long)r.Count));
        Assert.Equal(0, report.MalformedRows);
        Assert.All(recordings.SelectMany(Rows), row => Assert.InRange(row.Kilograms, 60, 140));
    }

    private static bool Near((long TimeMs, double Kilograms, ReadingSource Source) a, (long TimeMs, double Kilograms, ReadingSource Source) b) =>
        a.TimeMs == b.TimeMs && a.Source == b.Source && Math.Abs(a.Kilograms - b.Kilograms) < 1e-4;

    private static IEnumerable<(long TimeMs, double Kilograms, ReadingSource Source)> Rows(NumericRecording recording)
    {
        for (int row = 0; row < recording.Count; row++)
        {
            RecordedReading reading = Assert.Single(recording.Readings(row).ToArray());
            Assert.Equal(SignalCode.Weight, reading.Code);
            yield return (recording.TimeMs(row), reading.Value, reading.Source);
        }
    }

    private (List<NumericRecording> Recordings, RecordingReport Report) Read()
    {
        RecordingFolder folder = RecordingSource.Find(_scratch.Path).Folders.Single();
        Assert.IsType<WeightSet>(folder.Set);
        RecordingReport report = new("test");
        return ([.. folder.Set.Open(folder.Place, report).Cast<NumericRecording>()], report);
    }
}
