using System.Security.Cryptography;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Weight;

/// <summary>How a text was found that should be a weight state.</summary>
public enum WeightStateCondition
{
    /// <summary>There was no text: the state is that of somebody unknown.</summary>
    Absent,

    /// <summary>A state of this version, as it was written.</summary>
    Intact,

    /// <summary>A state of an earlier version, brought to this one.</summary>
    Migrated,

    /// <summary>Not what was once written: the state begins anew.</summary>
    Corrupted,
}

/// <summary>
/// A weight state as a line of text, for callers that keep it themselves: <c>physio-weight.BASE64.CHECKSUM</c> with the canonical bytes and the first 8 bytes of their SHA-256 in hexadecimal.
/// </summary>
public static class WeightStateText
{
    private const string Prefix = "physio-weight";
    private const int ChecksumBytes = 8;
    private const int MaximumLength = 4096;

    /// <summary>Writes a state.</summary>
    public static string Write(WeightState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        PayloadWriter writer = new(1024);
        state.Encode(writer);
        return Of(writer.Written);
    }

    /// <summary>The text of a state's bytes.</summary>
    internal static string Of(ReadOnlySpan<byte> bytes) => $"{Prefix}.{Convert.ToBase64String(bytes)}.{Checksum(bytes)}";

    /// <summary>Reads a state. A text that is damaged never fails: it gives the empty state, and the problem says what is wrong with it.</summary>
    /// <param name="text">The text, blanks around it do not matter.</param>
    /// <param name="state">The state; empty when there is none that can be trusted.</param>
    /// <param name="problem">What is wrong with the text; null when nothing is.</param>
    public static WeightStateCondition Read(string? text, out WeightState state, out string? problem)
    {
        state = WeightState.Empty;
        problem = null;
        string trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0)
            return WeightStateCondition.Absent;
        problem = Problem(trimmed, out byte[] bytes);
        if (problem is null)
        {
            try
            {
                PayloadReader reader = new(bytes);
                WeightState decoded = WeightState.Decode(ref reader);
                if (!reader.AtEnd)
                    throw new InvalidDataException($"Byte {reader.Position}: more follows than a state.");
                state = decoded;
                return bytes[0] == WeightState.Version ? WeightStateCondition.Intact : WeightStateCondition.Migrated;
            }
            catch (InvalidDataException exception)
            {
                problem = exception.Message;
            }
        }

        return WeightStateCondition.Corrupted;
    }

    private static string? Problem(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > MaximumLength)
            return $"The text is longer than {MaximumLength} characters.";
        string[] parts = text.Split('.');
        if (parts.Length != 3 || parts[0] != Prefix)
            return $"The text is not of the form {Prefix}.BASE64.CHECKSUM.";
        byte[] decoded = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1], decoded, out int length) || Convert.ToBase64String(decoded, 0, length) != parts[1])
            return "The middle part is not base64 as it is written.";
        bytes = decoded[..length];
        return parts[2].Equals(Checksum(bytes), StringComparison.OrdinalIgnoreCase) ? null : "The checksum does not fit the bytes.";
    }

    private static string Checksum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)[..ChecksumBytes]);
}
