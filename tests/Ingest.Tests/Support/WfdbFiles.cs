using System.Buffers.Binary;

namespace PhysioActors.Ingest.Tests.Support;

/// <summary>Writes WFDB records in format 16.</summary>
public static class WfdbFiles
{
    /// <summary>Writes a record; a signal is described as <c>GAIN[(BASELINE)][/UNITS]</c> and by its name.</summary>
    public static void Write(ScratchFolder scratch, string path, double hertz, (string Gain, string Name)[] signals, short[][] samples)
    {
        string name = Path.GetFileName(path);
        int length = samples[0].Length;
        List<string> lines = [FormattableString.Invariant($"{name} {signals.Length} {hertz} {length}")];
        byte[] bytes = new byte[length * signals.Length * 2];
        for (int i = 0; i < signals.Length; i++)
        {
            lines.Add($"{name}.dat 16 {signals[i].Gain} 16 0 {samples[i][0]} {unchecked((short)samples[i].Sum(sample => sample))} 0 {signals[i].Name}");
            for (int k = 0; k < length; k++)
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * ((k * signals.Length) + i)), samples[i][k]);
        }

        scratch.Write($"{path}.hea", [.. lines]);
        scratch.WriteBytes($"{path}.dat", bytes);
    }

    /// <summary>Numbers that tell where they stand.</summary>
    public static short[] Ramp(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(i => (short)(i % 30_000))];
}
