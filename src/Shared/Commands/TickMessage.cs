using System.Globalization;
using System.Text;
using System.Text.Json;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Observations.Decoding;

namespace PhysioActors.Shared.Commands;

/// <summary>
/// The value of a tick: the owner of a shard appends one to its partition each second, without a key. The time that it tells is its Kafka timestamp.
/// </summary>
/// <param name="Partition">The partition that it was meant for.</param>
/// <param name="Epoch">The epoch under which it was written.</param>
public readonly record struct TickMessage(int Partition, long Epoch)
{
    /// <summary>Writes the tick as JSON.</summary>
    public byte[] Write() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"v":1,"partition":{{Partition}},"epoch":{{Epoch}}}"""));

    /// <summary>Decodes a record of type <see cref="RecordType.Tick"/>.</summary>
    /// <returns>Null when the tick is accepted, else why not.</returns>
    public static Refusal? Decode(in InboundRecord record, int partition, out TickMessage tick)
    {
        tick = default;
        if (RecordPlace.CheckOutside(record) is { } refusal)
            return refusal;
        try
        {
            using JsonDocument document = JsonDocument.Parse(record.Value);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return new(RefusalReason.Malformed, "", "The value must be a JSON object.");
            if (root.TryGetProperty("v"u8, out JsonElement version) && !(version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number == 1))
                return new(RefusalReason.Unsupported, "v", "The version is none that this reader knows; it knows 1.");
            if (!TryGet(root, "partition"u8, out long meant) || !TryGet(root, "epoch"u8, out long epoch))
                return new(RefusalReason.WrongType, "", "A tick has the whole numbers partition and epoch.");
            if (meant != partition)
                return new(RefusalReason.WrongPartition, "partition", $"The tick was meant for partition {meant} and lies in {partition}.");
            tick = new(partition, epoch);
            return null;
        }
        catch (JsonException exception)
        {
            return RecordPlace.NotJson(exception);
        }
        catch (InvalidOperationException)
        {
            // A property name with half a surrogate pair passes the tokenizer and fails when names are compared.
            return new(RefusalReason.InvalidUtf8, "", "A name in the value is not text: it has half a surrogate pair.");
        }
    }

    private static bool TryGet(JsonElement root, ReadOnlySpan<byte> name, out long value)
    {
        value = 0;
        return root.TryGetProperty(name, out JsonElement element) && element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value) && value >= 0;
    }
}
