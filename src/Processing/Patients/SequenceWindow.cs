using System.Numerics;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>What is known of a sequence number.</summary>
public enum SequenceVerdict
{
    /// <summary>Not seen before.</summary>
    New,

    /// <summary>Seen before with the same content.</summary>
    Duplicate,

    /// <summary>Seen before with other content.</summary>
    Reused,

    /// <summary>Below the window: whether it was seen is not known any more.</summary>
    BelowWindow,
}

/// <summary>
/// Remembers the last 1,024 sequence numbers of a device session, with 16 bits of each one's content hash, so that a reused number is told from a repeat
/// (other content passes as a repeat once in 65,536). Grows with what was seen, to at most 2.2 KiB.
/// </summary>
public sealed class SequenceWindow
{
    /// <summary>How many numbers back are remembered.</summary>
    public const int Span = 1024;

    private const int InitialCapacity = 32;

    private ulong[] _seen = new ulong[InitialCapacity / 64 + 1];
    private ushort[] _hashes = new ushort[InitialCapacity];
    private long _lowest = -1;

    /// <summary>The highest number seen; -1 before the first.</summary>
    public long Highest { get; private set; } = -1;

    /// <summary>Says what is known of <paramref name="sequence"/>.</summary>
    public SequenceVerdict Judge(long sequence, ulong hash)
    {
        if (Highest < 0 || sequence > Highest)
            return SequenceVerdict.New;
        if (sequence <= Highest - Span)
            return SequenceVerdict.BelowWindow;
        if (sequence < _lowest || !IsSeen(sequence))
            return SequenceVerdict.New;
        return _hashes[(int)sequence & (_hashes.Length - 1)] == (ushort)hash ? SequenceVerdict.Duplicate : SequenceVerdict.Reused;
    }

    /// <summary>Marks a number that was judged new.</summary>
    public void Mark(long sequence, ulong hash)
    {
        if (Highest < 0)
        {
            _lowest = Highest = sequence;
        }
        else
        {
            long newHighest = Math.Max(Highest, sequence);
            long edge = newHighest - Span + 1;
            // A jump over the whole window leaves nothing of the old numbers to keep.
            long newLowest = edge > Highest ? sequence : Math.Max(Math.Min(_lowest, sequence), edge);
            Fit(newLowest, newHighest);
            if (sequence > Highest)
            {
                // The places between hold numbers one capacity lower, which have left the window.
                long from = Math.Max(Highest + 1, sequence - _hashes.Length + 1);
                for (long skipped = from; skipped <= sequence; skipped++)
                    Forget(skipped);
            }
            else if (sequence < _lowest)
            {
                for (long skipped = sequence; skipped < _lowest; skipped++)
                    Forget(skipped);
            }

            Highest = newHighest;
            _lowest = newLowest;
        }

        int at = (int)sequence & (_hashes.Length - 1);
        _seen[at >> 6] |= 1UL << at;
        _hashes[at] = (ushort)hash;
    }

    /// <summary>Forgets all: a new session begins.</summary>
    public void Reset()
    {
        _seen = new ulong[InitialCapacity / 64 + 1];
        _hashes = new ushort[InitialCapacity];
        _lowest = Highest = -1;
    }

    /// <summary>About how many bytes it takes.</summary>
    internal int ApproximateBytes => 72 + (_seen.Length * 8) + 16 + (_hashes.Length * 2) + 16;

    internal void Encode(PayloadWriter writer)
    {
        writer.Signed(Highest);
        if (Highest < 0)
            return;
        int count = 0;
        for (long sequence = _lowest; sequence <= Highest; sequence++)
            count += IsSeen(sequence) ? 1 : 0;
        writer.Unsigned((ulong)count);
        long previous = Highest;
        for (long sequence = Highest; sequence >= _lowest; sequence--)
        {
            if (!IsSeen(sequence))
                continue;
            writer.Unsigned((ulong)(previous - sequence));
            ushort hash = _hashes[(int)sequence & (_hashes.Length - 1)];
            writer.Byte((byte)hash);
            writer.Byte((byte)(hash >> 8));
            previous = sequence;
        }
    }

    internal static SequenceWindow Decode(ref PayloadReader reader)
    {
        var window = new SequenceWindow();
        long highest = reader.Signed();
        if (highest < 0)
            return window;
        int count = reader.Count(Span);
        long sequence = highest;
        for (int i = 0; i < count; i++)
        {
            sequence -= (long)reader.Unsigned();
            if (sequence < 0 || sequence <= highest - Span)
                throw new InvalidDataException($"Sequence number {sequence} lies outside the window that ends at {highest}.");
            window.Mark(sequence, (ulong)(reader.Byte() | reader.Byte() << 8));
        }

        return window;
    }

    private bool IsSeen(long sequence)
    {
        int at = (int)sequence & (_hashes.Length - 1);
        return (_seen[at >> 6] >> at & 1) != 0;
    }

    private void Forget(long sequence)
    {
        int at = (int)sequence & (_hashes.Length - 1);
        _seen[at >> 6] &= ~(1UL << at);
    }

    private void Fit(long lowest, long highest)
    {
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)(highest - lowest + 1));
        if (capacity <= _hashes.Length)
            return;
        ulong[] seen = new ulong[(capacity + 63) / 64];
        ushort[] hashes = new ushort[capacity];
        for (long sequence = Math.Max(lowest, _lowest); sequence <= Highest; sequence++)
        {
            if (!IsSeen(sequence))
                continue;
            int at = (int)sequence & (capacity - 1);
            seen[at >> 6] |= 1UL << at;
            hashes[at] = _hashes[(int)sequence & (_hashes.Length - 1)];
        }

        _seen = seen;
        _hashes = hashes;
    }
}
