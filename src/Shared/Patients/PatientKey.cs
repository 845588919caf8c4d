using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace PhysioActors.Shared.Patients;

/// <summary>
/// The canonical key of a patient, <c>namespace:id</c>. An id without a namespace belongs to <see cref="DefaultNamespace"/>; everything behind the first colon is the id.
/// A namespace has letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; an id anything but control characters; both together at most <see cref="MaximumBytes"/> bytes of UTF-8.
/// </summary>
public static class PatientKey
{
    /// <summary>The namespace of an id that names none.</summary>
    public const string DefaultNamespace = "default";

    /// <summary>Most bytes of a canonical key.</summary>
    public const int MaximumBytes = 128;

    private static readonly SearchValues<byte> NamespaceBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"u8);

    private static ReadOnlySpan<byte> DefaultPrefix => "default:"u8;

    /// <summary>Brings what a message says of its patient to the canonical form.</summary>
    /// <param name="patient">As in a message: <c>namespace:id</c>, or an id alone.</param>
    /// <param name="canonical">The canonical form.</param>
    /// <param name="problem">What is wrong, when something is.</param>
    public static bool TryParse(string patient, out string canonical, out string problem)
    {
        ArgumentNullException.ThrowIfNull(patient);
        canonical = patient.Contains(':', StringComparison.Ordinal) ? patient : $"{DefaultNamespace}:{patient}";
        byte[] bytes = Encoding.UTF8.GetBytes(patient);
        string? found = IdText.HasLoneSurrogate(patient) ? "has half a surrogate pair, which is no character" : Check(bytes);
        problem = found ?? "";
        return found is null;
    }

    /// <summary>True when the bytes are a patient's canonical key.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key) => Utf8.IsValid(key) && Check(key) is null && key.Contains((byte)':');

    /// <summary>Says what is wrong with the bytes of a message's patient field, valid UTF-8; null when nothing is.</summary>
    internal static string? Check(ReadOnlySpan<byte> patient)
    {
        if (IdText.Check(patient) is { } problem)
            return problem;
        int colon = patient.IndexOf((byte)':');
        if (colon < 0)
            return patient.Length + DefaultPrefix.Length > MaximumBytes ? $"has more than {MaximumBytes} bytes with its namespace 'default:'" : null;
        if (colon == 0)
            return "has no namespace before its colon";
        if (colon == patient.Length - 1)
            return "has no id behind its colon";
        if (patient[..colon].ContainsAnyExcept(NamespaceBytes))
            return "has a namespace with other characters than letters, digits, '.', '_' and '-'";
        return null;
    }

    /// <summary>True when <paramref name="key"/> is the canonical form of the patient field <paramref name="patient"/>, which was checked before.</summary>
    internal static bool IsCanonical(ReadOnlySpan<byte> key, ReadOnlySpan<byte> patient) =>
        key.SequenceEqual(patient)
            ? patient.Contains((byte)':')
            : key.Length == DefaultPrefix.Length + patient.Length && key.StartsWith(DefaultPrefix) && key[DefaultPrefix.Length..].SequenceEqual(patient) && !patient.Contains((byte)':');

    /// <summary>The canonical form of a patient field that was checked before.</summary>
    internal static string Canonical(ReadOnlySpan<byte> patient)
    {
        string text = Encoding.UTF8.GetString(patient);
        return patient.Contains((byte)':') ? text : $"{DefaultNamespace}:{text}";
    }
}
