using System.Text;

using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Shared.Tests.Kafka;

public sealed class NamesTests
{
    [Fact]
    public void A_cluster_without_a_name_has_the_names_of_the_contract()
    {
        var names = new TopicNames();
        Assert.Equal(
            ("physio.observations", "physio.anomalies", "physio.estimates", "physio.dead-letters", "physio.processing", "physio.publisher", "physio", "physio-g1-shard-7"),
            (names.Observations, names.Anomalies, names.Estimates, names.DeadLetters, names.ProcessingGroup, names.PublisherGroup, names.Schema, names.TransactionalId(7)));
    }

    [Fact]
    public void A_cluster_with_a_name_shares_nothing_with_another()
    {
        var names = new TopicNames("ward-3_b");
        Assert.Equal(("ward-3_b.observations", "ward_3_b", "ward-3_b-g2-shard-0"), (names.Observations, names.Schema, names.TransactionalId(0, 2)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Physio")]
    [InlineData("3ward")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a234567890123456789012345678901234567890123456789")]
    public void A_name_that_a_topic_or_schema_cannot_have_is_refused(string cluster) =>
        Assert.Throws<ArgumentException>(() => new TopicNames(cluster));

    [Theory]
    [InlineData("observation", RecordType.Observation)]
    [InlineData("Command", RecordType.Command)]
    [InlineData("TICK", RecordType.Tick)]
    [InlineData("tick ", RecordType.Unknown)]
    [InlineData("", RecordType.Unknown)]
    public void The_type_header_is_read(string value, RecordType expected) =>
        Assert.Equal(expected, RecordHeaders.ParseType(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("application/json", RecordContent.Json)]
    [InlineData("Application/JSON ; charset=UTF-8", RecordContent.Json)]
    [InlineData("application/json; profile=x; charset=\"utf-8\"", RecordContent.Json)]
    [InlineData("application/json; charset=utf-16", RecordContent.Unknown)]
    [InlineData("application/x-protobuf", RecordContent.Protobuf)]
    [InlineData("application/protobuf; messageType=physio.v1.Observation", RecordContent.Protobuf)]
    [InlineData("text/json", RecordContent.Unknown)]
    [InlineData("", RecordContent.Unknown)]
    public void The_content_type_header_is_read(string value, RecordContent expected) =>
        Assert.Equal(expected, RecordHeaders.ParseContent(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void The_texts_of_reasons_are_stable()
    {
        Assert.Equal(
            "none malformed invalid-utf8 too-large missing wrong-type invalid-id wrong-key wrong-partition invalid-time no-good-reading unknown-code unknown-unit impossible not-finite unsupported sequence-reused handling-failed too-many "
            + "unknown-signal invalid-rate invalid-gain invalid-baseline no-samples too-many-samples invalid-samples unauthenticated",
            string.Join(' ', Enum.GetValues<RefusalReason>().Select(reason => reason.Text())));
        foreach (RefusalReason reason in Enum.GetValues<RefusalReason>())
        {
            Assert.True(RefusalReasons.TryParse(reason.Text(), out RefusalReason back));
            Assert.Equal(reason, back);
        }

        Assert.False(RefusalReasons.TryParse("wrong", out _));
    }

    [Fact]
    public void The_headers_of_a_dead_letter_tell_why_and_from_where()
    {
        var record = new InboundRecord(41, 1795262400000, "k"u8.ToArray(), "v"u8.ToArray(), RecordType.Command, RecordContent.Unknown);
        IReadOnlyList<KeyValuePair<string, string>> headers = DeadLetterHeaders.Build(new(RefusalReason.UnknownUnit, "readings[2].unit", "why"), record, "physio.observations", 3);
        Assert.Equal(
            [
                new("reason", "unknown-unit"), new("field", "readings[2].unit"), new("detail", "why"), new("source-topic", "physio.observations"), new("source-partition", "3"),
                new("source-offset", "41"), new("source-timestamp", "1795262400000"), new("original-type", "command"), new("original-content-type", "unknown"),
            ],
            headers);
        Protos.V1.DeadLetterMetadata metadata = DeadLetterHeaders.Parse(headers.Reverse().Append(new("new", "x")));
        Assert.Equal(
            ("unknown-unit", "readings[2].unit", "why", "physio.observations", 3, 41L, 1795262400000L, "command", "unknown"),
            (metadata.Reason, metadata.Field, metadata.Detail, metadata.SourceTopic, metadata.SourcePartition, metadata.SourceOffset, metadata.SourceTimestampMs, metadata.OriginalType, metadata.OriginalContentType));
    }

    [Fact]
    public void Headers_without_a_reason_or_with_a_broken_number_are_no_dead_letter()
    {
        Assert.Throws<InvalidDataException>(() => DeadLetterHeaders.Parse([new("field", "x")]));
        Assert.Throws<InvalidDataException>(() => DeadLetterHeaders.Parse([new("reason", "x"), new("source-offset", "many")]));
    }
}
