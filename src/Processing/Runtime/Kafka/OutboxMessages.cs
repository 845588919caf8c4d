using System.Runtime.InteropServices;
using System.Text;

using Confluent.Kafka;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>Turns outbox rows into messages.</summary>
internal static class OutboxMessages
{
    internal static string TopicOf(OutboxKind kind, TopicNames names) => kind switch
    {
        OutboxKind.Anomaly => names.Anomalies,
        OutboxKind.DeadLetter => names.DeadLetters,
        _ => throw new InvalidDataException($"The outbox holds a row of kind {(int)kind}, which this version does not know."),
    };

    /// <summary>A refused record that had no key gives a message without one.</summary>
    internal static Message<byte[]?, byte[]> Of(in OutboxRow row) => new()
    {
        Key = row.Key.IsEmpty ? null : Bytes(row.Key),
        Value = Bytes(row.Value),
        Headers = HeadersOf(row.Headers.Span),
    };

    private static Headers? HeadersOf(ReadOnlySpan<byte> stored)
    {
        if (stored.IsEmpty)
            return null;
        var headers = new Headers();
        foreach ((string name, string value) in OutboxHeaders.Decode(stored))
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        return headers;
    }

    // The client copies what it is given, so a whole array need not be copied before.
    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : memory.ToArray();
}
