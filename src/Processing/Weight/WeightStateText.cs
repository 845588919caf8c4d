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

    /// <summary>Whole, and written by a later version of the program: this one cannot read it, and nothing should be written over it.</summary>
    Newer,
}

/// <summary>
/// A weight state as a line of text, for callers that keep it themselves: <c>physio-weight.BASE64.CHECKSUM</c> with the canonical bytes and the first 8 bytes of their SHA-256 in hexadecimal.
/// </summary>
public static class WeightStateText
{
    private const string Prefix = "physio-weight";
    private const int ChecksumBytes = 8;
    private const int MaximumLength = 4096;

    /// <summary>What follows a first point is at most so long in the name of a file.</summary>
    private const int MostOfName = 20;

    /// <summary>Writes a state.</summary>
    public static string Write(WeightState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        PayloadWriter writer = new(1024);
        state.Encode(writer);
        return Of(writer.Written);
    }

    /// <summary>Whether a text was meant as a state, whole or not: it begins as one does, or has a checksum at the end of three parts.</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().Split('.');
        bool hasChecksum = parts.Length == 3 && parts[2].Length == 2 * ChecksumBytes && parts[2].All(char.IsAsciiHexDigit);
        return hasChecksum || (parts[0] == Prefix && parts.Length > 1 && (parts.Length == 3 || parts[1].Length > MostOfName));
    }

    /// <summary>The text of a state's bytes.</summary>
    internal static string Of(ReadOnlySpan<byte> bytes) => $"{Prefix}.{Convert.ToBase64String(bytes)}.{Checksum(bytes)}";

    /// <summary>Reads a state. A text that is damaged, or of a later version, never fails: it gives the empty state, and the problem says what is wrong with it.</summary>
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
            if (bytes.Length > 0 && bytes[0] > WeightState.Version)
            {
                problem = $"The state is of version {bytes[0]}; this program reads versions 1 to {WeightState.Version}.";
                return WeightStateCondition.Newer;
            }

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
