using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Runtime;

/// <summary>The stored form of message headers: a count, then name and value of each.</summary>
public static class OutboxHeaders
{
    private const int MaximumCount = 64;

    /// <summary>Encodes headers in their order.</summary>
    public static byte[] Encode(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var writer = new PayloadWriter(128);
        writer.Unsigned((ulong)headers.Count);
        foreach ((string name, string value) in headers)
        {
            writer.Text(name);
            writer.Text(value);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Decodes what <see cref="Encode"/> made; the empty span is no headers.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return [];
        var reader = new PayloadReader(bytes);
        var headers = new KeyValuePair<string, string>[reader.Count(MaximumCount)];
        for (int i = 0; i < headers.Length; i++)
            headers[i] = new(reader.Text(), reader.Text());
        return headers;
    }
}
