using System.Text;
using Confluent.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Benchmark;

/// <summary>
/// Makes the benchmark's observations: six signals around a level of the patient's own, which drifts slowly, with noise. Any record can be made by itself: nothing is drawn in sequence.
/// One instance serves one thread and keeps its buffers.
/// </summary>
internal sealed class BenchWard : IBenchFeed
{
    private const int DriftSteps = 1800;

    private static readonly (SignalCode Code, double Level, double Spread, double Drift, double Noise)[] s_signals =
    [
        (SignalCode.HeartRate, 80, 12, 4, 1.5),
        (SignalCode.SpO2, 96.5, 1, 0.5, 0.5),
        (SignalCode.RespiratoryRate, 16, 2.5, 1.5, 0.8),
        (SignalCode.ArterialSystolic, 125, 10, 5, 2.5),
        (SignalCode.ArterialMean, 88, 7, 4, 2),
        (SignalCode.CoreTemperature, 37, 0.4, 0.2, 0.03),
    ];

    private readonly BenchPlan _plan;
    private readonly string[] _names;
    private readonly ObservationWriter _writer = new();
    private readonly ObservationDraft _draft = new() { Device = "monitor", Session = "1" };

    public BenchWard(BenchPlan plan)
    {
        _plan = plan;
        _names = [.. Enumerable.Range(0, plan.Patients).Select(BenchPlan.Key)];
        Keys = [.. _names.Select(Encoding.UTF8.GetBytes)];
        _draft.IntervalMs = plan.IntervalMs;
    }

    /// <inheritdoc/>
    public byte[][] Keys { get; }

    /// <summary>None: a record without headers is a JSON observation.</summary>
    public Headers? Headers => null;

    /// <summary>Writes one observation as JSON; the bytes are valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(int patient, long step)
    {
        _draft.Patient = _names[patient];
        _draft.Sequence = step;
        _draft.TimeMs = _plan.TimeMs(step);
        _draft.Readings.Clear();
        ulong own = Mix(_plan.Seed + (ulong)patient);
        ulong now = Mix(own ^ (ulong)step);
        for (int i = 0; i < s_signals.Length; i++)
        {
            (SignalCode code, double level, double spread, double drift, double noise) = s_signals[i];
            ulong character = Mix(own + (ulong)i + 1);
            double value = level + (spread * Signed(character)) + (drift * Wave(step + (long)(character % DriftSteps))) + (noise * Noise(Mix(now + (ulong)i)));
            _draft.Readings.Add(new(code, value));
        }

        return _writer.WriteJson(_draft);
    }

    /// <summary>A triangle between -1 and 1.</summary>
    private static double Wave(long step)
    {
        double phase = (double)(step % DriftSteps) / DriftSteps;
        return phase < 0.5 ? (4 * phase) - 1 : 3 - (4 * phase);
    }

    /// <summary>The sum of four uniform numbers, nearly normal, of standard deviation 1, and never beyond 3.5.</summary>
    private static double Noise(ulong bits)
    {
        const double scale = 1.7320508075688772 / 65536;
        ulong sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return ((double)sum - (2 * 65536.0)) * scale;
    }

    private static double Signed(ulong bits) => ((bits >> 11) * (2.0 / (1UL << 53))) - 1;

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
