using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Shared.Commands;

/// <summary>
/// The message authentication code of a command: HMAC-SHA256 (RFC 2104, FIPS 198-1), in the header <c>mac</c> as <c>keyId:hex</c>. It says that a holder of the key wrote this value for this patient; it covers
/// the bytes of the record as they are, so that no two readings of one value are possible.
/// </summary>
/// <remarks>
/// <para>What is authenticated: the ASCII text <c>physio.command.1</c>, then with 4 bytes of length (big-endian) before each: the key id, the content type (<c>application/json</c> or
/// <c>application/x-protobuf</c>), the record's key, the record's value.</para>
/// <para>A code does not grow old. What an old command that is played again can do is bounded by its time: pauses end by it, and of orders of one kind the newest counts. The end of a pause can be played again, and the acknowledgement of an episode that has become more severe since.</para>
/// </remarks>
public static class CommandMac
{
    /// <summary>Most bytes of the header's value: a key id, a colon, and the digits.</summary>
    public const int LongestHeader = CommandKeys.LongestId + 1 + HexDigits;

    private const int HexDigits = 64;
    private static readonly byte[] Domain = "physio.command.1"u8.ToArray();

    /// <summary>Makes the header's value.</summary>
    /// <param name="keys">The known keys.</param>
    /// <param name="keyId">The id of the key to use.</param>
    /// <param name="recordKey">The record's key: the patient.</param>
    /// <param name="content">The form of the value.</param>
    /// <param name="value">The record's value.</param>
    /// <exception cref="ArgumentException">There is no such key.</exception>
    public static string Make(CommandKeys keys, string keyId, ReadOnlySpan<byte> recordKey, RecordContent content, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(keys);
        byte[] id = Encoding.ASCII.GetBytes(keyId);
        if (!keys.TryFind(id, out byte[]? key))
            throw new ArgumentException($"No key '{keyId}' for commands is known.", nameof(keyId));
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, id, recordKey, content, value, code);
        return $"{keyId}:{Convert.ToHexStringLower(code)}";
    }

    /// <summary>Checks the code of a record. Without any known key every record passes.</summary>
    /// <param name="keys">The known keys.</param>
    /// <param name="record">The record with its code.</param>
    /// <returns>Null when the record is authentic, else why not.</returns>
    public static Refusal? Check(CommandKeys keys, in InboundRecord record)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ReadOnlySpan<byte> mac = record.Mac.Span;
        if (keys.Count == 0)
            return null;
        if (mac.IsEmpty)
            return Refuse("The command has no header mac, and this cluster takes only authenticated ones.");
        int colon = mac.IndexOf((byte)':');
        if (colon < 1 || mac.Length - colon - 1 != HexDigits)
            return Refuse($"The header mac must be a key id, a colon, and {HexDigits} hex digits.");
        Span<byte> told = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(mac[(colon + 1)..], told, out _, out _) != System.Buffers.OperationStatus.Done)
            return Refuse($"The header mac must be a key id, a colon, and {HexDigits} hex digits.");
        if (!keys.TryFind(mac[..colon], out byte[]? key))
            return Refuse("The header mac names a key that this cluster does not know.");
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, mac[..colon], record.Key.Span, record.Content, record.Value.Span, right);
        return CryptographicOperations.FixedTimeEquals(told, right)
            ? null
            : Refuse("The header mac does not fit the record: another key, or something was changed on the way.");
    }

    private static Refusal Refuse(string detail) => new(RefusalReason.Unauthenticated, "headers.mac", detail);

    private static void Compute(byte[] key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> recordKey, RecordContent content, ReadOnlySpan<byte> value, Span<byte> code)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Domain);
        Append(hmac, id);
        Append(hmac, Encoding.ASCII.GetBytes(content == RecordContent.Protobuf ? RecordHeaders.Protobuf : RecordHeaders.Json));
        Append(hmac, recordKey);
        Append(hmac, value);
        hmac.GetHashAndReset(code);
    }

    private static void Append(IncrementalHash hmac, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hmac.AppendData(length);
        hmac.AppendData(part);
    }
}
