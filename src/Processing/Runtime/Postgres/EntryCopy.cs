using System.Buffers.Binary;
using System.Text;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>
/// Writes a batch's entries in PostgreSQL's binary COPY format (manual, section COPY, Binary Format) through one kept buffer.
/// Done by hand because the entries are most of what a node writes: no call per field, no text decoded and encoded again.
/// </summary>
internal sealed class EntryCopy
{
    /// <summary>The columns of entries in the order of the rows.</summary>
    public const string EntryColumns = "(patient, sequence, slot, day, payload)";

    /// <summary>The columns of samples in the order of the rows.</summary>
    public const string SampleColumns = "(patient, sequence, slot, hour, samples)";

    private const int Fields = 5;
    private const int BufferBytes = 128 << 10;

    // Field count, then length and content of patient (its content apart), sequence, slot, day or hour; then the payload's length.
    private const int FixedBytes = 2 + 4 + (4 + 8) + (4 + 2) + (4 + 4) + 4;

    private static readonly DateOnly s_dayZero = new(2000, 1, 1);

    // Signature, flags, length of the header's extension.
    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Writes the whole COPY of a batch's entries into the part of a day.</summary>
    public ValueTask WriteEntriesAsync(ShardBatch batch, DateOnly day, Stream stream, CancellationToken cancellationToken) =>
        WriteAsync(batch, samples: false, day.DayNumber - s_dayZero.DayNumber, stream, cancellationToken);

    /// <summary>Writes the whole COPY of the samples of a batch's entries into the part of an hour.</summary>
    public ValueTask WriteSamplesAsync(ShardBatch batch, int hour, Stream stream, CancellationToken cancellationToken) =>
        WriteAsync(batch, samples: true, hour, stream, cancellationToken);

    // Header, a row per entry, trailer. A date is a number of days on the wire, so that both kinds of part look alike.
    private async ValueTask WriteAsync(ShardBatch batch, bool samples, int part, Stream stream, CancellationToken cancellationToken)
    {
        Header.CopyTo(_buffer);
        int length = Header.Length;
        for (int i = 0; i < batch.EntryCount; i++)
        {
            ShardBatch.Entry entry = batch[i];
            ReadOnlyMemory<byte> payload = samples ? entry.Samples : entry.Payload;
            if (samples && payload.IsEmpty)
                continue;
            int most = FixedBytes + Encoding.UTF8.GetMaxByteCount(entry.Patient.Length);
            if (_buffer.Length - length < most + payload.Length)
            {
                await stream.WriteAsync(_buffer.AsMemory(0, length), cancellationToken);
                length = 0;
            }

            length += WriteFields(_buffer.AsSpan(length), entry, part, payload.Length);
            if (payload.Length <= _buffer.Length - length)
            {
                payload.Span.CopyTo(_buffer.AsSpan(length));
                length += payload.Length;
                continue;
            }

            // Larger than the buffer: whole states, now and then.
            await stream.WriteAsync(_buffer.AsMemory(0, length), cancellationToken);
            await stream.WriteAsync(payload, cancellationToken);
            length = 0;
        }

        if (_buffer.Length - length < sizeof(short))
        {
            await stream.WriteAsync(_buffer.AsMemory(0, length), cancellationToken);
            length = 0;
        }

        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(length), -1);
        await stream.WriteAsync(_buffer.AsMemory(0, length + sizeof(short)), cancellationToken);
    }

    private static int WriteFields(Span<byte> at, in ShardBatch.Entry entry, int part, int payloadLength)
    {
        BinaryPrimitives.WriteInt16BigEndian(at, Fields);
        int patient = Encoding.UTF8.GetBytes(entry.Patient, at[6..]);
        BinaryPrimitives.WriteInt32BigEndian(at[2..], patient);
        at = at[(6 + patient)..];
        BinaryPrimitives.WriteInt32BigEndian(at, 8);
        BinaryPrimitives.WriteInt64BigEndian(at[4..], entry.Sequence);
        BinaryPrimitives.WriteInt32BigEndian(at[12..], 2);
        BinaryPrimitives.WriteInt16BigEndian(at[16..], (short)entry.Slot);
        BinaryPrimitives.WriteInt32BigEndian(at[18..], 4);
        BinaryPrimitives.WriteInt32BigEndian(at[22..], part);
        BinaryPrimitives.WriteInt32BigEndian(at[26..], payloadLength);
        return FixedBytes + patient;
    }
}
