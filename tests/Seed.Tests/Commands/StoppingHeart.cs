using System.Buffers.Binary;

namespace PhysioActors.Seed.Tests.Commands;

/// <summary>Writes a WFDB record (format 16, 250 Hz, leads II and V) of a made-up heart: it beats, stops, and beats again. Each run writes the same bytes.</summary>
internal static class StoppingHeart
{
    private const int Rate = 250;
    private const double Gain = 200;
    private const double Interval = 0.8;

    /// <summary>When the last beat before the pause is, seconds.</summary>
    public const double LastBeat = 40.4;

    /// <summary>When the first beat behind the pause is, seconds.</summary>
    public const double FirstBeat = 52.4;

    /// <summary>How long the record is, seconds.</summary>
    public const int Seconds = 75;

    // P, Q, R, S and T as bells: seconds from R, millivolts, seconds wide.
    private static readonly (double At, double Height, double Width)[] s_waves = [(-0.17, 0.12, 0.02), (-0.026, -0.1, 0.009), (0, 1.1, 0.011), (0.028, -0.22, 0.01), (0.26, 0.28, 0.045)];

    /// <summary>Writes <c>NAME.hea</c> and <c>NAME.dat</c>.</summary>
    public static void Write(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        double[] beats = [.. Beats()];
        short[][] leads = [Lead(beats, 1, 1), Lead(beats, 0.7, 2)];
        byte[] bytes = new byte[leads[0].Length * 4];
        for (int i = 0; i < leads[0].Length; i++)
        {
            for (int lead = 0; lead < 2; lead++)
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(((2 * i) + lead) * 2), leads[lead][i]);
        }

        File.WriteAllBytes(Path.Combine(folder, $"{name}.dat"), bytes);
        string[] lines =
        [
            $"{name} 2 {Rate} {leads[0].Length}",
            .. leads.Zip(["II", "V"], (lead, signal) => $"{name}.dat 16 {Gain}/mV 16 0 {lead[0]} {unchecked((short)lead.Sum(sample => sample))} 0 {signal}"),
        ];
        File.WriteAllLines(Path.Combine(folder, $"{name}.hea"), lines);
    }

    private static IEnumerable<double> Beats()
    {
        for (double at = 0.4; at < LastBeat + 0.01; at += Interval)
            yield return at;
        for (double at = FirstBeat; at < Seconds; at += Interval)
            yield return at;
    }

    private static short[] Lead(double[] beats, double size, uint seed)
    {
        short[] samples = new short[Seconds * Rate];
        for (int i = 0; i < samples.Length; i++)
        {
            double t = (double)i / Rate, value = 0;
            foreach (double beat in beats)
            {
                if (Math.Abs(t - beat) > 0.6)
                    continue;
                foreach ((double at, double height, double width) in s_waves)
                    value += height * Math.Exp(-Math.Pow((t - beat - at) / width, 2) / 2);
            }

            // Some noise, as no lead on a patient is without.
            seed = (seed * 1664525) + 1013904223;
            value = (value * size) + (0.02 * ((seed / (double)uint.MaxValue) - 0.5));
            samples[i] = (short)Math.Round(value * Gain);
        }

        return samples;
    }
}
