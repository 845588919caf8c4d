using PhysioActors.Shared.Observations;

namespace PhysioActors.Shared.Tests.Observations;

public sealed class MalformedRecordsTests
{
    private const int Partitions = 12;

    public static TheoryData<string> Names => [.. MalformedRecords.All.Select(record => record.Name)];

    [Fact]
    public void There_are_more_than_two_hundred_kinds_with_names_of_their_own()
    {
        Assert.True(MalformedRecords.All.Count > 500, $"{MalformedRecords.All.Count}");
        Assert.Equal(MalformedRecords.All.Count, MalformedRecords.All.Select(record => record.Name).Distinct().Count());
    }

    [Fact]
    public void Every_reason_that_a_decoder_can_give_is_among_them()
    {
        var seen = MalformedRecords.All.SelectMany(record => new[] { record.Reason, record.ReadingReason }).ToHashSet();
        Assert.Empty(Enum.GetValues<RefusalReason>().Except(seen).Except([RefusalReason.SequenceReused, RefusalReason.HandlingFailed, RefusalReason.Unauthenticated]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_malformed_record_is_refused_with_its_reason_and_its_field(string name)
    {
        MalformedRecord record = MalformedRecords.All.Single(candidate => candidate.Name == name);
        Refusal? refusal = record.Decode(Partitions);
        Assert.NotNull(refusal);
        Assert.Equal((record.Reason, record.Field), (refusal.Reason, refusal.Field));
        Assert.NotEmpty(refusal.Detail);
        Assert.True(refusal.Detail.Length < 700, refusal.Detail);
        Assert.DoesNotContain(refusal.Detail, char.IsControl);
        if (record.ReadingReason != RefusalReason.None)
            Assert.Contains($"({record.ReadingReason.Text()})", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_reading_beside_a_good_one_is_set_apart_with_its_reason()
    {
        var decoder = new ObservationDecoder();
        var into = new DecodedObservation();
        const string Good = """{"code":"spo2","value":97}""";
        foreach (MalformedRecord record in MalformedRecords.All.Where(record => record.ReadingReason != RefusalReason.None && record.ContentType is null && record.Field.StartsWith("readings", StringComparison.Ordinal)))
        {
            string json = System.Text.Encoding.UTF8.GetString(record.Value).Replace("\"readings\":[", $"\"readings\":[{Good},", StringComparison.Ordinal);
            InboundRecord inbound = record.Inbound() with { Value = System.Text.Encoding.UTF8.GetBytes(json) };
            Assert.Null(decoder.Decode(inbound, record.Partition(Partitions), Partitions, into));
            Assert.Equal((1, 1, record.ReadingReason), (into.ReadingCount, into.RefusedCount, into.Refused[0].Reason));
        }
    }

    [Theory]
    [InlineData("\"waveforms\":[", """{"signal":"pleth","rate":125,"gain":100,"time":5,"samples":[1,2]},""", 1, 0)]
    [InlineData("\"waveforms\":[", "", 0, 1)]
    public void A_bad_waveform_beside_something_good_is_set_apart_with_its_reason(string place, string goodWaveform, int waveforms, int readings)
    {
        var decoder = new ObservationDecoder();
        var into = new DecodedObservation();
        int tried = 0;
        foreach (MalformedRecord record in MalformedRecords.All.Where(record => record.ReadingReason != RefusalReason.None && record.ContentType is null && record.Field.StartsWith("waveforms[0]", StringComparison.Ordinal)))
        {
            string json = System.Text.Encoding.UTF8.GetString(record.Value).Replace(place, place + goodWaveform, StringComparison.Ordinal);
            if (readings > 0)
                json = $$"""{"readings":[{"code":"spo2","value":97}],{{json[1..]}}""";
            InboundRecord inbound = record.Inbound() with { Value = System.Text.Encoding.UTF8.GetBytes(json) };
            Assert.Null(decoder.Decode(inbound, record.Partition(Partitions), Partitions, into));
            Assert.Equal((readings, 0, waveforms), (into.ReadingCount, into.RefusedCount, into.Waveforms.Count));
            Assert.Equal(record.ReadingReason, into.RefusedWaveforms[0].Reason);
            tried++;
        }

        Assert.True(tried > 100, $"{tried}");
    }
}
