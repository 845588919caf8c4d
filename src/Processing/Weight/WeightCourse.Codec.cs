using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Weight;

internal sealed partial class WeightCourse
{
    private const byte WaitingForm = 0;
    private const byte WaitingAfterGapForm = 1;
    private const byte BegunForm = 2;

    private const int SourceBits = 7;
    private const int PoundBit = 8;
    private const int ConfirmedBit = 16;

    /// <summary>Writes the course bit for bit. At most 290 bytes.</summary>
    public void Encode(PayloadWriter writer)
    {
        writer.Byte(_filters is not null ? BegunForm : _priorLevel > 0 ? WaitingAfterGapForm : WaitingForm);
        if (_filters is not null)
        {
            writer.Signed(_timeMs);
            _filters.Encode(writer);
            writer.Double(_scale);
            writer.Double(_firstScale);
        }
        else if (_priorLevel > 0)
        {
            writer.Signed(_priorTimeMs);
            writer.Double(_priorLevel);
        }

        Encode(writer, _held);
    }

    /// <summary>Reads what <see cref="Encode(PayloadWriter)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a course.</exception>
    public static WeightCourse Decode(ref PayloadReader reader)
    {
        WeightCourse course = new();
        int form = reader.Count(BegunForm);
        if (form == BegunForm)
        {
            course._timeMs = Time(ref reader);
            course._filters = WeightMixture.Decode(ref reader);
            course._scale = reader.Double();
            course._firstScale = reader.Double();
            if (!(course._firstScale > 0 && double.IsFinite(course._firstScale) && course._scale >= LeastScale * course._firstScale && course._scale <= MostScale * course._firstScale))
                throw new InvalidDataException($"Byte {reader.Position}: the scale before it is not that of a weight filter.");
        }
        else if (form == WaitingAfterGapForm)
        {
            course._priorTimeMs = Time(ref reader);
            course._priorLevel = reader.Double();
            if (!(course._priorLevel > 0 && course._priorLevel <= WeightMeasurement.MaximumKilograms))
                throw new InvalidDataException($"Byte {reader.Position - 8}: the weight before a gap is not a weight.");
        }

        Decode(ref reader, course._held, form == BegunForm ? MaximumRejected : MaximumHeld);
        return course;
    }

    /// <summary>
    /// Reads the course of a state of version 1, which knew level, variance and trend, or up to three queued weighings, and no more. The trend's variance becomes that of a
    /// beginning, noise that of a person of this weight; nothing was rejected or learnt.
    /// </summary>
    /// <remarks>The constants are those with which version 2 began. They stay, so that an old state migrates to the same bits under any later configuration.</remarks>
    /// <exception cref="InvalidDataException">The bytes are not a state of version 1.</exception>
    public static WeightCourse DecodeVersion1(ref PayloadReader reader)
    {
        const double referenceKilograms = 80;
        const double trendDeviation = 0.03;
        WeightCourse course = new();
        if (!reader.Boolean())
        {
            int count = reader.Count(3);
            for (int i = 0; i < count; i++)
                course._held.Add(Sound(new WeightMeasurement(Time(ref reader), reader.Double(), (WeightSource)reader.Byte()), course._held, reader.Position));
            return course;
        }

        course._timeMs = Time(ref reader);
        (double level, double variance, double trend) = (reader.Double(), reader.Double(), reader.Double());
        double share = level / referenceKilograms;
        course._scale = course._firstScale = share * share;
        LocalTrendFilter filter = new(level, trend, variance, 0, trendDeviation * trendDeviation * course._scale);
        if (!filter.IsSound)
            throw new InvalidDataException($"Byte {reader.Position}: the numbers before it are not those of a weight filter.");
        course._filters = WeightMixture.Same(filter, 1); // The next weighing spreads it over the paces.
        return course;
    }

    /// <summary>Writes weighings in the order of their times.</summary>
    internal static void Encode(PayloadWriter writer, IReadOnlyList<WeightMeasurement> measurements)
    {
        writer.Unsigned((ulong)measurements.Count);
        foreach (WeightMeasurement measurement in measurements)
        {
            writer.Signed(measurement.TimeMs);
            writer.Double(measurement.Kilograms);
            writer.Byte((byte)((int)measurement.Source | (measurement.WrittenIn == WeightUnit.Pound ? PoundBit : 0) | (measurement.IsConfirmed ? ConfirmedBit : 0)));
        }
    }

    /// <summary>Reads what <see cref="Encode(PayloadWriter, IReadOnlyList{WeightMeasurement})"/> wrote.</summary>
    internal static void Decode(ref PayloadReader reader, List<WeightMeasurement> measurements, int bound)
    {
        int count = reader.Count(bound);
        for (int i = 0; i < count; i++)
        {
            (long timeMs, double kilograms, int flags) = (Time(ref reader), reader.Double(), reader.Byte());
            if (flags >= 2 * ConfirmedBit)
                throw new InvalidDataException($"Byte {reader.Position - 1}: {flags} describes no weighing.");
            WeightMeasurement measurement = new(timeMs, kilograms, (WeightSource)(flags & SourceBits))
            {
                WrittenIn = (flags & PoundBit) != 0 ? WeightUnit.Pound : WeightUnit.Kilogram,
                IsConfirmed = (flags & ConfirmedBit) != 0,
            };
            measurements.Add(Sound(measurement, measurements, reader.Position));
        }
    }

    private static WeightMeasurement Sound(in WeightMeasurement measurement, List<WeightMeasurement> before, int position)
    {
        try
        {
            measurement.Validate();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new InvalidDataException($"Byte {position}: what ends here is not a weighing: {exception.Message}", exception);
        }

        if (before.Count > 0 && measurement.TimeMs < before[^1].TimeMs)
            throw new InvalidDataException($"Byte {position}: the weighings are not in the order of their times.");
        return measurement;
    }

    private static long Time(ref PayloadReader reader)
    {
        long timeMs = reader.Signed();
        return timeMs >= 0 ? timeMs : throw new InvalidDataException($"Byte {reader.Position}: a time before 1970.");
    }
}
