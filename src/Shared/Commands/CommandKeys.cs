using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PhysioActors.Shared.Commands;

/// <summary>
/// The keys that commands are authenticated with, each under an id. Several may be known at once, so that a key can be changed without a moment at which commands are refused:
/// the new one is made known to the nodes first, then used by the senders, then the old one is taken away.
/// </summary>
public sealed class CommandKeys
{
    /// <summary>Fewest bytes of a key: those of the hash, as RFC 2104 section 3 advises.</summary>
    public const int ShortestKey = 32;

    /// <summary>Most characters of a key's id.</summary>
    public const int LongestId = 32;

    private const int MaximumKeys = 16;
    private readonly (byte[] Id, byte[] Key)[] _keys;

    private CommandKeys((byte[] Id, byte[] Key)[] keys) => _keys = keys;

    /// <summary>No key: every command is taken.</summary>
    public static CommandKeys None { get; } = new([]);

    /// <summary>How many keys are known.</summary>
    public int Count => _keys.Length;

    /// <summary>The ids of the keys, in order. The keys themselves are never given out as text.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Select(key => Encoding.ASCII.GetString(key.Id))];

    /// <summary>Reads keys: <c>id:base64</c>, several parted by commas or line ends. Lines that begin with # are left aside. The empty text is no key.</summary>
    /// <exception cref="FormatException">An entry is not of that form, an id stands twice, or a key is too short. The message says which, and never shows a key.</exception>
    public static CommandKeys Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var keys = new List<(byte[] Id, byte[] Key)>();
        foreach (string line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith('#'))
                continue;
            foreach (string entry in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                keys.Add(ParseEntry(entry, keys.Count + 1));
        }

        return Of([.. keys]);
    }

    /// <summary>These keys and others.</summary>
    /// <exception cref="FormatException">An id stands in both, or there are too many.</exception>
    public CommandKeys With(CommandKeys others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return Of([.. _keys, .. others._keys]);
    }

    internal bool TryFind(ReadOnlySpan<byte> id, [NotNullWhen(true)] out byte[]? key)
    {
        foreach ((byte[] known, byte[] found) in _keys)
        {
            if (id.SequenceEqual(known))
            {
                key = found;
                return true;
            }
        }

        key = null;
        return false;
    }

    private static CommandKeys Of((byte[] Id, byte[] Key)[] keys)
    {
        if (keys.Length > MaximumKeys)
            throw new FormatException($"There are {keys.Length} keys for commands; at most {MaximumKeys} are kept.");
        if (keys.GroupBy(key => Encoding.ASCII.GetString(key.Id), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new FormatException($"Two keys for commands have the id '{twice.Key}'; give each its own.");
        return new(keys);
    }

    private static (byte[] Id, byte[] Key) ParseEntry(string entry, int number)
    {
        int colon = entry.IndexOf(':', StringComparison.Ordinal);
        string id = colon < 0 ? "" : entry[..colon].Trim();
        if (id.Length is 0 or > LongestId || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            throw new FormatException($"Key {number} for commands has no proper id before its colon: 1 to {LongestId} letters, digits, '.', '_' or '-'.");
        byte[] key;
        try
        {
            key = Convert.FromBase64String(entry[(colon + 1)..].Trim());
        }
        catch (FormatException)
        {
            throw new FormatException($"Key '{id}' for commands is not base64.");
        }

        return key.Length >= ShortestKey
            ? (Encoding.ASCII.GetBytes(id), key)
            : throw new FormatException($"Key '{id}' for commands has {key.Length} bytes; it needs {ShortestKey} at least (openssl rand -base64 32).");
    }
}
