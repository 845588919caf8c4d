using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay;

/// <summary>One value of a recording, packed into eight bytes so that whole data sets fit into memory.</summary>
public readonly record struct RecordedReading
{
    /// <summary>How many steps make one unit. Four decimals hold every value of the known sets exactly.</summary>
    public const int StepsPerUnit = 10_000;

    private readonly int _steps;

    private RecordedReading(SignalCode code, int steps, ReadingSource source)
    {
        Code = code;
        _steps = steps;
        Source = source;
    }

    /// <summary>What was measured.</summary>
    public SignalCode Code { get; }

    /// <summary>How it was obtained, as far as the data set says.</summary>
    public ReadingSource Source { get; }

    /// <summary>The value in the code's unit.</summary>
    public double Value => _steps / (double)StepsPerUnit;

    /// <summary>Packs a value; false when it is not finite or beyond ±200,000 units, which no vital sign is.</summary>
    public static bool TryPack(SignalCode code, double value, ReadingSource source, out RecordedReading reading)
    {
        reading = default;
        if (!double.IsFinite(value) || value is > 200_000 or < -200_000)
            return false;
        reading = new RecordedReading(code, (int)Math.Round(value * StepsPerUnit), source);
        return true;
    }
}
