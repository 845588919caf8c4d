using System.Buffers.Binary;

namespace PhysioActors.Shared.Kafka;

/// <summary>
/// The partition of a key as the Java client finds it: murmur2 (Austin Appleby, 2008) with Kafka's seed, sign bit cleared, modulo the partition count.
/// librdkafka finds the same with <c>partitioner=murmur2_random</c>; its default is another one.
/// </summary>
public static class Partitioner
{
    /// <summary>How many slots there are. Partition counts divide it, so that a slot lies in one partition under every numbering.</summary>
    public const int Slots = 4096;

    private const uint Seed = 0x9747B28C;
    private const uint Multiplier = 0x5BD1E995;
    private const int Rotation = 24;

    /// <summary>The 32-bit murmur2 hash of a key, as Kafka seeds it.</summary>
    public static int Murmur2(ReadOnlySpan<byte> key)
    {
        uint hash = Seed ^ (uint)key.Length;
        while (key.Length >= 4)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Multiplier;
            word ^= word >> Rotation;
            hash = (hash * Multiplier) ^ (word * Multiplier);
            key = key[4..];
        }

        if (key.Length > 0)
        {
            uint rest = key[0];
            if (key.Length > 1)
                rest |= (uint)key[1] << 8;
            if (key.Length > 2)
                rest |= (uint)key[2] << 16;
            hash = (hash ^ rest) * Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return (int)(hash ^ (hash >> 15));
    }

    /// <summary>The slot of a key, 0 to 4,095.</summary>
    public static int Slot(ReadOnlySpan<byte> key) => Positive(key) % Slots;

    /// <summary>The partition of a key among <paramref name="partitionCount"/>.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitionCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitionCount, 1);
        return Positive(key) % partitionCount;
    }

    private static int Positive(ReadOnlySpan<byte> key) => Murmur2(key) & 0x7FFFFFFF;
}
