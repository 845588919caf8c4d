using System.Security.Cryptography;
using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Runtime;

/// <summary>
/// Makes the outbox rows of refused records: the original bytes, and the reason in the headers. What no broker with usual limits would take as a letter is cut, says so, and has the hash of the
/// whole: it must not hold up what is behind it. The record itself stays where it was sent to.
/// </summary>
internal sealed class DeadLetters(string topic, int partition)
{
    /// <summary>Most bytes of key and value: with the headers below the 1,000,000 that clients, and the 1,048,588 that brokers take unless told otherwise.</summary>
    internal const int MaximumBytes = 900_000;

    private const int LongestCutKey = 1024;

    internal OutboxRow Make(long sequence, in InboundRecord record, Refusal refusal)
    {
        IReadOnlyList<KeyValuePair<string, string>> headers = DeadLetterHeaders.Build(refusal, record, topic, partition);
        if (record.Key.Length + record.Value.Length <= MaximumBytes)
            return new(sequence, OutboxKind.DeadLetter, record.Key, record.Value, OutboxHeaders.Encode(headers));
        string hash = Convert.ToHexStringLower(SHA256.HashData(record.Value.Span));
        ReadOnlyMemory<byte> key = record.Key.Length > MaximumBytes / 2 ? record.Key[..LongestCutKey] : record.Key;
        ReadOnlyMemory<byte> value = record.Value[..Math.Min(record.Value.Length, MaximumBytes - key.Length)];
        return new(sequence, OutboxKind.DeadLetter, key, value, OutboxHeaders.Encode([.. headers, .. DeadLetterHeaders.BuildCut(record, hash)]));
    }
}
