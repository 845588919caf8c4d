using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Runtime;

/// <summary>Makes the outbox rows of refused records: the original bytes, and the reason in the headers.</summary>
internal sealed class DeadLetters(string topic, int partition)
{
    internal OutboxRow Make(long sequence, in InboundRecord record, Refusal refusal) => new(
        sequence, OutboxKind.DeadLetter, record.Key, record.Value,
        OutboxHeaders.Encode(DeadLetterHeaders.Build(refusal, record, topic, partition)));
}
