using System.Buffers.Binary;

namespace PhysioActors.Seed.Tests.Clinical;

/// <summary>Where the beats of <c>ecg detect</c> go, and where they don't.</summary>
public sealed class EcgOutputTests : IDisposable
{
    private const string Header = "sample,class,confidence,decidedAt,searchBack";
    private readonly TestHost _host = new();

    public EcgOutputTests()
    {
        foreach (string name in (string[])["a", "b", "other/a"])
            WriteRecord(name);
    }

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdout")]
    public async Task Standard_output_takes_the_beats_of_one_record(string name)
    {
        Assert.True(await Detect("a", "--output", name) == ExitCodes.Ok, _host.Error.ToString());
        string[] lines = _host.Output.ToString().TrimEnd().Split('\n');
        Assert.Equal(Header, lines[0]);
        Assert.True(lines.Length > 5);
        Assert.Empty(Directory.GetFiles(_host.Folder, "-*"));
    }

    [Fact]
    public async Task Standard_output_is_not_for_beats_and_a_summary_at_once()
    {
        Assert.Equal(ExitCodes.Usage, await Detect("a", "--output", "-", "--json"));
        Assert.Empty(_host.Output.ToString());
        Assert.Contains("both go to standard output", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notes.txt", "notes.txt is a file.")]
    [InlineData("notes.txt/x", "notes.txt is a file.")]
    [InlineData("foreign.csv", "foreign.csv is there already")]
    [InlineData("foreign.csv/x.csv", "foreign.csv is a file.")]
    [InlineData("beats", "a.csv is there already")]
    [InlineData("", "names no folder")]
    public async Task A_place_that_cannot_take_the_beats_is_told_and_left_as_it_is(string output, string told)
    {
        _host.Write("notes.txt", "notes");
        _host.Write("foreign.csv", "foreign");
        Directory.CreateDirectory(Path.Combine(_host.Folder, "beats"));
        _host.Write("beats/a.csv", "foreign");
        Assert.Equal(ExitCodes.Usage, await Detect("a", "--output", output));
        Assert.Contains(told, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(("notes", "foreign", "foreign"), (Read("notes.txt"), Read("foreign.csv"), Read("beats/a.csv")));
    }

    [Fact]
    public async Task Several_records_do_not_go_into_one_place()
    {
        Assert.Equal(ExitCodes.Usage, await Detect("a", "b", "--output", "x.csv"));
        Assert.Equal(ExitCodes.Usage, await Detect("a", "b", "--output", "-"));
        Assert.Contains("2 records do not go into one file, x.csv.", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_host.Folder, "x.csv")));
    }

    [Fact]
    public async Task A_record_that_is_named_twice_is_taken_once()
    {
        Assert.Equal(ExitCodes.Ok, await Detect("a", "a.dat", "b", "--output", "beats"));
        Assert.Contains("named more than once", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["a.csv", "b.csv"], Directory.GetFiles(Path.Combine(_host.Folder, "beats")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Two_records_of_one_name_are_told_with_both_places_and_nothing_is_written()
    {
        Assert.Equal(ExitCodes.Usage, await Detect("a", "other/a", "--output", "beats"));
        Assert.Contains(Path.Combine(_host.Folder, "other", "a"), _host.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_host.Folder, "beats")));
    }

    [Fact]
    public async Task A_record_that_is_not_there_is_told_before_anything_is_written()
    {
        Assert.Equal(ExitCodes.Usage, await Detect("a", "nowhere", "--output", "beats"));
        Assert.Contains("nowhere: there is no such record", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_host.Folder, "beats")));
    }

    [Fact]
    public async Task What_the_command_wrote_before_is_replaced_and_missing_folders_are_made()
    {
        Assert.Equal(ExitCodes.Ok, await Detect("a", "--output", "new/deep/beats.csv"));
        string first = Read("new/deep/beats.csv");
        await File.AppendAllTextAsync(Path.Combine(_host.Folder, "new/deep/beats.csv"), "1,Normal,1,1,0\n");
        Assert.Equal(ExitCodes.Ok, await Detect("a", "--output", "new/deep/beats.csv"));
        Assert.Equal(first, Read("new/deep/beats.csv"));
    }

    [Fact]
    public async Task A_fit_ends_when_it_is_asked_to()
    {
        foreach (string name in (string[])["a", "b"])
            await File.WriteAllBytesAsync(Path.Combine(_host.Folder, name + ".atr"), [0, 0]);
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        Assert.Equal(ExitCodes.Interrupted, await _host.RunAsync(ended.Token, "ecg", "fit", "a", "b"));
    }

    private Task<int> Detect(params string[] arguments) => _host.RunAsync(["ecg", "detect", .. arguments]);

    private string Read(string name) => File.ReadAllText(Path.Combine(_host.Folder, name));

    /// <summary>Twenty seconds with a narrow spike each second: format 16, 250 Hz, 200 a millivolt.</summary>
    private void WriteRecord(string name)
    {
        const int hz = 250, seconds = 20;
        string path = Path.Combine(_host.Folder, name), record = Path.GetFileName(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] samples = new byte[2 * hz * seconds];
        short checksum = 0;
        for (int i = 0; i < hz * seconds; i++)
        {
            int from = Math.Abs((i % hz) - 100);
            short sample = (short)(from < 5 ? 200 - (40 * from) : i % 3);
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(2 * i), sample);
            checksum += sample;
        }

        File.WriteAllBytes(path + ".dat", samples);
        File.WriteAllText(path + ".hea", $"{record} 1 {hz} {hz * seconds}\n{record}.dat 16 200/mV 16 0 0 {checksum} 0 II\n");
    }
}
