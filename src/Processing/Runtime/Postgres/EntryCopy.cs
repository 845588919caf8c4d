using System.Buffers.Binary;
using System.Text;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>
/// Writes a batch's entries in PostgreSQL's binary COPY format (manual, section COPY, Binary Format) through one kept buffer.
/// Done by hand because the entries are most of what a node writes: no call per field, no text decoded and encoded again.
/// </summary>
internal sealed class EntryCopy
{
    /// <summary>The columns in the order of the rows.</summary>
    public const string Columns = "(patient, sequence, slot, day, payload)";

    private const int Fields = 5;
    private const int BufferBytes = 128 << 10;

    // Field count, then length and content of patient (its content apart), sequence, slot, day; then the payload's length.
    private const int FixedBytes = 2 + 4 + (4 + 8) + (4 + 2) + (4 + 4) + 4;

    private static readonly DateOnly s_dayZero = new(2000, 1, 1);

    // Signature, flags, length of the header's extension.
    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Writes the whole COPY: header, a row per entry, trailer.</summary>
    public async ValueTask WriteAsync(ShardBatch batch, DateOnly day, Stream stream, CancellationToken cancellationToken)
    {
        int dayNumber = day.DayNumber - s_dayZero.DayNumber;
        Header.CopyTo(_buffer);
        int length = Header.Length;
        for (int i = 0; i < batch.EntryCount; i++)
        {
            ShardBatch.Entry entry = batch[i];
            int most = FixedBytes + Encoding.UTF8.GetMaxByteCount(entry.Patient.Length);
            if (_buffer.Length - length < most + entry.Payload.Length)
            {
                await stream.WriteAsync(_buffer.AsMemory(0, length), cancellationToken);
                length = 0;
            }

            length += WriteFields(_buffer.AsSpan(length), entry, dayNumber);
            if (entry.Payload.Length <= _buffer.Length - length)
            {
                entry.Payload.Span.CopyTo(_buffer.AsSpan(length));
                length += entry.Payload.Length;
                continue;
            }

            // Larger than the buffer: whole states, now and then.
            await stream.WriteAsync(_buffer.AsMemory(0, length), cancellationToken);
            await stream.WriteAsync(entry.Payload, cancellationToken);
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

    private static int WriteFields(Span<byte> at, in ShardBatch.Entry entry, int dayNumber)
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
        BinaryPrimitives.WriteInt32BigEndian(at[22..], dayNumber);
        BinaryPrimitives.WriteInt32BigEndian(at[26..], entry.Payload.Length);
        return FixedBytes + patient;
    }
}
