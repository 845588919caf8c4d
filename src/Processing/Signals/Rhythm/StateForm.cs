using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>Reads the parts of a state with the checks that all of them need.</summary>
internal static class StateForm
{
    public static void Expect(ref PayloadReader reader, byte version, string what)
    {
        if (reader.Byte() is var found && found != version)
            throw new InvalidDataException($"Byte {reader.Position - 1}: a {what} of version {found}; this program knows {version}.");
    }

    /// <summary>Reads the version of a form of which this program knows several.</summary>
    public static byte Expect(ref PayloadReader reader, byte oldest, byte newest, string what) =>
        reader.Byte() is var found && found >= oldest && found <= newest
            ? found
            : throw new InvalidDataException($"Byte {reader.Position - 1}: a {what} of version {found}; this program knows {oldest} to {newest}.");

    public static double Finite(ref PayloadReader reader, string what)
    {
        double value = reader.Double();
        return double.IsFinite(value) ? value : throw new InvalidDataException($"Byte {reader.Position - 8}: a number of a {what} is not finite.");
    }

    public static float FiniteSingle(ref PayloadReader reader, string what)
    {
        float value = reader.Single();
        return float.IsFinite(value) ? value : throw new InvalidDataException($"Byte {reader.Position - 4}: a number of a {what} is not finite.");
    }
}
