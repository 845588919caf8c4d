using System.Globalization;

using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Alarms;

/// <summary>Where in the patient's journal an alarm began: with the patient its id in messages, <c>patient/sequence/ordinal</c>.</summary>
/// <param name="Sequence">The sequence of the entry.</param>
/// <param name="Ordinal">Which of that entry's told events.</param>
public readonly record struct AlarmOrigin(long Sequence, int Ordinal)
{
    /// <summary>The id in messages.</summary>
    public string Id(string patient) => string.Create(CultureInfo.InvariantCulture, $"{patient}/{Sequence}/{Ordinal}");

    internal void Encode(PayloadWriter writer)
    {
        writer.Signed(Sequence);
        writer.Unsigned((ulong)Ordinal);
    }

    internal static AlarmOrigin Decode(ref PayloadReader reader) => new(reader.Signed(), reader.Count(int.MaxValue));

    /// <summary>Reads the id of one of the patient's alarms; false for any other text.</summary>
    public static bool TryParse(string patient, string id, out AlarmOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(id);
        origin = default;
        int slash = id.LastIndexOf('/');
        if (id.Length <= patient.Length + 1 || slash <= patient.Length || id[patient.Length] != '/' || !id.StartsWith(patient, StringComparison.Ordinal))
            return false;
        if (!long.TryParse(id.AsSpan(patient.Length + 1, slash - patient.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            || !int.TryParse(id.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal))
            return false;
        origin = new(sequence, ordinal);
        return true;
    }
}
