using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>The content hashes of the last 64 messages of a device that numbers nothing; the hash covers the time. An older repeat is late.</summary>
public sealed class RecentContents
{
    private const int Capacity = 64;

    private readonly ulong[] _hashes = new ulong[Capacity];
    private int _count;
    private int _next;

    /// <summary>True when the content is among the last ones.</summary>
    public bool Contains(ulong hash) => Array.IndexOf(_hashes, hash, 0, _count) >= 0;

    /// <summary>Remembers a content in place of the oldest.</summary>
    public void Add(ulong hash)
    {
        _hashes[_next] = hash;
        _next = (_next + 1) % Capacity;
        _count = Math.Min(_count + 1, Capacity);
    }

    internal void Encode(PayloadWriter writer)
    {
        writer.Unsigned((ulong)_count);
        for (int i = 0; i < _count; i++)
            writer.UInt64(_hashes[(_next - _count + i + Capacity) % Capacity]);
    }

    internal static RecentContents Decode(ref PayloadReader reader)
    {
        var contents = new RecentContents();
        int count = reader.Count(Capacity);
        for (int i = 0; i < count; i++)
            contents.Add(reader.UInt64());
        return contents;
    }
}
