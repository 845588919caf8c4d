using System.Text;

using PhysioActors.Shared.Estimates;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Estimates;

public sealed class EstimateFormsTests
{
    private const double None = double.NaN;

    private static readonly EstimateWindow Full = new(30, 72.345678, 1.2, 70, 75.5, -0.51234567, 0.05);
    private static readonly EstimateWindow One = new(1, 36.65, None, 36.65, 36.65, None, 0.95);
    private static readonly EstimateWindow Empty = new(0, None, None, None, None, None, 1);

    [Fact]
    public void An_estimate_is_written_as_the_contract_says() => Assert.Equal(
        """
        {"v":1,"patient":"icu:bed-7","sequence":12,"time":"2026-11-21T12:00:00.000Z","signals":{"hr":{"level":72.111,"sd":0.5,"30s":{"count":30,"mean":72.346,"sd":1.2,"min":70,"max":75.5,"slopePerMinute":-0.5123,"missingShare":0.05},"2m":{"count":30,"mean":72.346,"sd":1.2,"min":70,"max":75.5,"slopePerMinute":-0.5123,"missingShare":0.05},"10m":{"count":30,"mean":72.346,"sd":1.2,"min":70,"max":75.5,"slopePerMinute":-0.5123,"missingShare":0.05}},"temp-core":{"level":null,"sd":null,"30s":{"count":0,"mean":null,"sd":null,"min":null,"max":null,"slopePerMinute":null,"missingShare":1},"2m":{"count":1,"mean":36.65,"sd":null,"min":36.65,"max":36.65,"slopePerMinute":null,"missingShare":0.95},"10m":{"count":1,"mean":36.65,"sd":null,"min":36.65,"max":36.65,"slopePerMinute":null,"missingShare":0.95}}}}
        """, Encoding.UTF8.GetString(Write(new EstimateWriter())));

    [Fact]
    public void An_estimate_comes_back_from_both_forms()
    {
        EstimateMessage message = EstimateJson.Parse(Write(new EstimateWriter()));
        Assert.Equal(("icu:bed-7", 12L, 1795262400000L, 2), (message.Patient, message.Sequence, message.TimeMs, message.Signals.Count));
        Assert.Equal(new SignalEstimate(SignalCode.CoreTemperature, None, None, Empty, One, One), message.Signals[1]);
        EstimateMessage back = EstimateProtobuf.Parse(EstimateProtobuf.Write(message));
        Assert.Equal(message.Signals, back.Signals);
        Assert.Equal(message, back with { Signals = message.Signals });
    }

    [Fact]
    public void A_patient_without_signals_and_the_two_ways_to_begin_agree()
    {
        var writer = new EstimateWriter();
        writer.Begin("a:\"b\"", 1, 0);
        string first = Encoding.UTF8.GetString(writer.End());
        writer.Begin("a:\"b\""u8, 1, 0);
        Assert.Equal(first, Encoding.UTF8.GetString(writer.End()));
        Assert.Equal("a:\"b\"", EstimateJson.Parse(Encoding.UTF8.GetBytes(first)).Patient);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0004, "0")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.PositiveInfinity, "null")]
    [InlineData(123456.7891, "123456.789")]
    public void Numbers_are_rounded_to_what_they_can_mean(double value, string expected)
    {
        var writer = new EstimateWriter();
        writer.Begin("a:b", 1, 0);
        writer.Signal(SignalCode.HeartRate, value, 0, Empty, Empty, Empty);
        Assert.Contains($"\"level\":{expected},", Encoding.UTF8.GetString(writer.End()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_of_a_later_version_is_left_out()
    {
        string json = Encoding.UTF8.GetString(Write(new EstimateWriter())).Replace("temp-core", "glucose", StringComparison.Ordinal);
        Assert.Equal(SignalCode.HeartRate, Assert.Single(EstimateJson.Parse(Encoding.UTF8.GetBytes(json)).Signals).Code);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("""{"v":2}""")]
    [InlineData("""{"v":1,"patient":"a:b","sequence":1,"time":"2026-11-21T12:00:00Z","signals":{"hr":{}}}""")]
    [InlineData("""{"v":1,"patient":"a:b","sequence":1.5,"time":"2026-11-21T12:00:00Z"}""")]
    public void What_is_no_estimate_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => EstimateJson.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Writing_allocates_nothing_once_the_buffer_has_grown()
    {
        var writer = new EstimateWriter();
        for (int i = 0; i < 3; i++)
            Fill(writer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill(writer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Write(EstimateWriter writer)
    {
        Fill(writer);
        return writer.End().ToArray();
    }

    private static void Fill(EstimateWriter writer)
    {
        writer.Begin("icu:bed-7"u8, 12, 1795262400000);
        writer.Signal(SignalCode.HeartRate, 72.1111, 0.5, Full, Full, Full);
        writer.Signal(SignalCode.CoreTemperature, None, None, Empty, One, One);
    }
}
