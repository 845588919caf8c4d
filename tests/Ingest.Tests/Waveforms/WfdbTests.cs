using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Ingest.Waveforms.Wfdb;

namespace PhysioActors.Ingest.Tests.Waveforms;

public sealed class WfdbTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Format_16_behind_a_MATLAB_header_is_read_with_gain_baseline_and_invalid_samples()
    {
        _folder.Write("a1.hea", "a1 2 250 3", "a1.mat 16+24 1000/mV 16 0 500 -32268 0 II", "a1.mat 16+24 2(10)/mmHg 16 0 10 41 0 ABP one");
        _folder.WriteBytes("a1.mat", [.. new byte[24], .. Shorts(500, 10, -32768, 11, 0, 20)]);
        WfdbRecord record = WfdbRecord.Read(Path.Combine(_folder.Path, "a1"));
        Assert.Equal(("a1", 250, 3), (record.Header.Record, record.Header.SamplingHz, record.Length));
        Assert.Equal(("II", "mV", "ABP one", "mmHg"), (record.Header.Signals[0].Description, record.Header.Signals[0].Units, record.Header.Signals[1].Description, record.Header.Signals[1].Units));
        Assert.Equal([0.5f, float.NaN, 0f], Values(record, 0));
        Assert.Equal([0f, 0.5f, 5f], Values(record, 1));
        Assert.False(record.IsValid(0, 1));
        Assert.True(record.IsValid(1, 1));
        Assert.Equal(0.5f, record.Value(1, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Format_212_is_read_with_any_number_of_signals(int signals)
    {
        short[] values = [1, -1, 2047, -2048, 1000, -1000, 5, 6, 7, -8, 9, 10];
        int length = values.Length / signals;
        string[] lines = [.. Enumerable.Range(0, signals).Select(i => $"b.dat 212 200 12 0 {values[i]} {Sum(i)} 0 S{i}")];
        _folder.Write("b.hea", [$"b {signals} 360 {length}", .. lines, "# a comment"]);
        _folder.WriteBytes("b.dat", Pack212(values));
        WfdbRecord record = WfdbRecord.Read(Path.Combine(_folder.Path, "b.hea"));
        for (int i = 0; i < signals; i++)
            Assert.Equal([.. values.Where((_, n) => n % signals == i)], record.Raw(i).ToArray());
        Assert.False(record.IsValid(3 % signals, 3 / signals));
        Assert.Equal(0.005f, record.Value(0, 0));

        int Sum(int signal) => unchecked((short)values.Where((_, n) => n % signals == signal).Sum(v => v));
    }

    [Fact]
    public void What_the_header_leaves_out_has_the_standard_values()
    {
        _folder.Write("c.hea", "c 1", "c.dat 16");
        _folder.WriteBytes("c.dat", Shorts(200, 400));
        WfdbRecord record = WfdbRecord.Read(Path.Combine(_folder.Path, "c.dat"));
        Assert.Equal((250, 2, 200d, 0, "mV", ""), (record.Header.SamplingHz, record.Length, record.Header.Signals[0].Gain, record.Header.Signals[0].Baseline, record.Header.Signals[0].Units, record.Header.Signals[0].Description));
        Assert.Equal([1f, 2f], Values(record, 0));
    }

    [Fact]
    public void Signals_may_lie_in_several_files()
    {
        _folder.Write("d.hea", "d 2 100 2", "d1.dat 16 1 16 5 1 3 0 one", "d2.dat 16 1 16 0 7 15 0 two");
        _folder.WriteBytes("d1.dat", Shorts(1, 2));
        _folder.WriteBytes("d2.dat", Shorts(7, 8));
        WfdbRecord record = WfdbRecord.Read(Path.Combine(_folder.Path, "d"));
        Assert.Equal([-4f, -3f], Values(record, 0));
        Assert.Equal([7f, 8f], Values(record, 1));
    }

    [Theory]
    [InlineData("several segments", "e/3 2 360 100")]
    [InlineData("how many signals", "e")]
    [InlineData("sampling rate", "e 1 fast 2", "e.dat 16")]
    [InlineData("0 described", "e 1 360 2")]
    [InlineData("formats 16 and 212", "e 1 360 2", "e.dat 80")]
    [InlineData("one sample a frame", "e 1 360 2", "e.dat 16x4")]
    [InlineData("without skew", "e 1 360 2", "e.dat 16:2")]
    [InlineData("byte offset", "e 1 360 2", "e.dat 16+x")]
    [InlineData("gain", "e 1 360 2", "e.dat 16 high")]
    [InlineData("baseline", "e 1 360 2", "e.dat 16 200(x)")]
    [InlineData("checksum", "e 1 360 2", "e.dat 16 200 16 0 1 sum")]
    [InlineData("beside the header", "e 1 360 2", "../e.dat 16")]
    [InlineData("are not there", "e 1 360 2", "absent.dat 16")]
    [InlineData("the header says 9", "e 1 360 2", "e.dat 16 200 16 0 9")]
    [InlineData("damaged", "e 1 360 2", "e.dat 16 200 16 0 1 4")]
    [InlineData("are 6", "e 1 360 3", "e.dat 16")]
    [InlineData("in different formats", "e 2 360 1", "e.dat 16", "e.dat 212")]
    public void What_cannot_be_read_is_refused_with_its_reason(string reason, params string[] header)
    {
        _folder.Write("e.hea", header);
        _folder.WriteBytes("e.dat", Shorts(1, 2));
        WfdbException error = Assert.Throws<WfdbException>(() => WfdbRecord.Read(Path.Combine(_folder.Path, "e")));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_not_there_is_told()
    {
        Assert.Contains("no such header", Assert.Throws<WfdbException>(() => WfdbRecord.Read(Path.Combine(_folder.Path, "absent"))).Message, StringComparison.Ordinal);
        Assert.Contains("no annotations", Assert.Throws<WfdbException>(() => WfdbAnnotation.ReadFile(Path.Combine(_folder.Path, "absent.atr"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_are_read_with_long_steps_texts_and_fields()
    {
        // A rhythm with text at 10, a beat after a step of 100,000, its subtype and signal, then a beat 5 later.
        string path = _folder.WriteBytes("f.atr",
        [
            .. Words((28 << 10) | 10, (63 << 10) | 5), .. "(AFIB\0"u8,
            .. Words(59 << 10, 100_000 >> 16, 100_000 & 0xFFFF, 5 << 10, (61 << 10) | 3, (62 << 10) | 1, (1 << 10) | 5, 0),
        ]);
        IReadOnlyList<WfdbAnnotation> annotations = WfdbAnnotation.ReadFile(path);
        Assert.Equal(
            [new WfdbAnnotation(10, 28, 0, 0, 0, "(AFIB"), new WfdbAnnotation(100_010, 5, 3, 1, 0, null), new WfdbAnnotation(100_015, 1, 0, 1, 0, null)],
            annotations);
        Assert.Equal([false, true, true], annotations.Select(a => a.IsBeat));
        Assert.Equal([false, true, false], annotations.Select(a => a.IsVentricular));
    }

    [Fact]
    public void Annotations_that_are_cut_are_refused()
    {
        string path = _folder.WriteBytes("g.atr", Words((1 << 10) | 10, (1 << 10) | 20));
        Assert.Contains("without an end mark", Assert.Throws<WfdbException>(() => WfdbAnnotation.ReadFile(path)).Message, StringComparison.Ordinal);
        path = _folder.WriteBytes("h.atr", Words((1 << 10) | 10, (63 << 10) | 200));
        Assert.Contains("passes the end", Assert.Throws<WfdbException>(() => WfdbAnnotation.ReadFile(path)).Message, StringComparison.Ordinal);
    }

    [SharedDataFact("mitdb")]
    public void Records_of_the_MIT_BIH_Arrhythmia_Database_have_their_checksums_and_beats()
    {
        Dictionary<string, int> beats = new() { ["101"] = 1865, ["106"] = 2027, ["203"] = 2980, ["207"] = 1860, ["230"] = 2256 };
        foreach ((string name, int count) in beats)
        {
            WfdbRecord record = WfdbRecord.Read(Path.Combine(SharedData.Set("mitdb"), name));
            Assert.Equal((650_000, 360d, "MLII"), (record.Length, record.Header.SamplingHz, record.Header.Signals[0].Description));
            Assert.Equal(count, WfdbAnnotation.ReadFile(Path.Combine(SharedData.Set("mitdb"), name + ".atr")).Count(a => a.IsBeat));
        }
    }

    [SharedDataFact("cinc2015-alarms")]
    public void Records_with_a_MATLAB_header_have_their_checksums()
    {
        string[] headers = [.. Directory.GetFiles(SharedData.Set("cinc2015-alarms"), "*.hea").Order(StringComparer.Ordinal)];
        Assert.Equal(108, headers.Length);
        foreach (string header in headers)
            Assert.Equal(250, WfdbRecord.Read(header).Header.SamplingHz);
    }

    private static float[] Values(WfdbRecord record, int signal)
    {
        var values = new float[record.Length];
        record.Values(signal, 0, values, values.Length);
        return values;
    }

    private static byte[] Shorts(params short[] values) => [.. values.SelectMany(v => new[] { (byte)v, (byte)(v >> 8) })];

    private static byte[] Words(params int[] values) => [.. values.SelectMany(v => new[] { (byte)v, (byte)(v >> 8) })];

    private static byte[] Pack212(short[] values)
    {
        List<byte> bytes = [];
        for (int i = 0; i < values.Length; i += 2)
            bytes.AddRange([(byte)values[i], (byte)(((values[i] >> 8) & 0xF) | (((values[i + 1] >> 8) & 0xF) << 4)), (byte)values[i + 1]]);
        return [.. bytes];
    }
}
