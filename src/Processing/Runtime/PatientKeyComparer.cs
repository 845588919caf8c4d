using System.Text;

namespace PhysioActors.Processing.Runtime;

/// <summary>Compares canonical patient keys, so that a table keyed by text is searched with the UTF-8 bytes of a record's key without making a text of them.</summary>
internal sealed class PatientKeyComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private const int MaximumBytes = 512;

    internal static PatientKeyComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string obj)
    {
        Span<byte> bytes = stackalloc byte[MaximumBytes];
        return Encoding.UTF8.TryGetBytes(obj, bytes, out int written) ? GetHashCode(bytes[..written]) : GetHashCode(Encoding.UTF8.GetBytes(obj));
    }

    public bool Equals(ReadOnlySpan<byte> alternate, string other)
    {
        if (other.Length > alternate.Length)
            return false;
        if (Ascii.IsValid(other))
            return Ascii.Equals(alternate, other);
        Span<byte> bytes = stackalloc byte[MaximumBytes];
        return Encoding.UTF8.TryGetBytes(other, bytes, out int written) && alternate.SequenceEqual(bytes[..written]);
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        // Keys come from outside: the seeded hash of the framework keeps a chosen set of keys from colliding.
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}
