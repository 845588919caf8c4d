namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>
/// Where the bytes of inbound records are copied to, one behind the other. A slab is never reused: it lives as long as a record in it is referenced, and goes with the garbage.
/// </summary>
/// <remarks>64 KiB, below the limit of the large object heap, so that slabs die young and cheaply. Used by the poll thread alone.</remarks>
internal sealed class RecordSlab
{
    private const int Size = 64 << 10;

    private byte[] _slab = [];
    private int _used;

    internal ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return default;
        if (bytes.Length > Size / 4)
            return bytes.ToArray();
        if (bytes.Length > _slab.Length - _used)
        {
            _slab = GC.AllocateUninitializedArray<byte>(Size);
            _used = 0;
        }

        bytes.CopyTo(_slab.AsSpan(_used));
        var copy = new ReadOnlyMemory<byte>(_slab, _used, bytes.Length);
        _used += bytes.Length;
        return copy;
    }
}
