using System.Diagnostics.CodeAnalysis;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals;

/// <summary>
/// A Kalman filter of the local level model for one vital sign, with a gate against artefacts and a process variance that adapts to the patient.
/// <see cref="Decide"/> judges a reading; <see cref="Apply"/> follows the judgement, so that a journaled outcome can be folded again without judging.
/// Only + - * / and square roots are used: the same readings give the same bits on every machine.
/// </summary>
/// <remarks>
/// <para>
/// Gate: the innovation squared over its variance is chi-square with one degree of freedom when reading and model agree; beyond the 99.9 % point the reading is rejected.
/// At one reading a second that rejects a sound reading about every 17 minutes, which costs nothing, as the level stands for that second.
/// </para>
/// <para>
/// Adaptation: innovations of a filter with the right gain are not correlated (Mehra 1970, On the identification of variances and adaptive Kalman filtering).
/// Two in a row on the same side speak for a level that moves faster than believed, on opposite sides for a slower one. The process variance is multiplied by 1 + 0.1 z(k) z(k-1),
/// the product cut to -1..1, and kept within its bounds. Unlike the size of the innovations this does not take a noisier sensor for a livelier patient.
/// </para>
/// <para>
/// Readings that do not agree with each other either, as with a pulse of every other beat, are rejected no longer than <see cref="MostRejections"/> of the last <see cref="RecentReadings"/>:
/// the next one starts the filter afresh. What is wrong for so long is the patient's or the sensor's state, and must be seen.
/// </para>
/// <para>A reading that is older than the newest one is handled as of the same time: nothing is predicted backwards.</para>
/// </remarks>
public struct LocalLevelFilter : IEquatable<LocalLevelFilter>
{
    /// <summary>The 99.9 % point of the chi-square distribution with one degree of freedom.</summary>
    public const double Gate = 10.827566170662733;

    /// <summary>A gap must be longer than this for a fresh start, however dense the signal: milliseconds.</summary>
    public const int ShortestGapMs = 30_000;

    /// <summary>A gap must be longer than this many of the signal's own intervals for a fresh start.</summary>
    public const int GapIntervals = 10;

    /// <summary>So many readings in a row must agree on a shift.</summary>
    public const int ShiftReadings = 3;

    /// <summary>So many rejections among the latest readings are borne; then the next reading that would be rejected starts the filter afresh.</summary>
    public const int MostRejections = 8;

    /// <summary>The latest readings that are looked at for it.</summary>
    public const int RecentReadings = 16;

    private const double AdaptationRate = 0.1;

    private const int RecentMask = (1 << RecentReadings) - 1;

    private double _level;
    private double _variance;
    private double _processVariance;
    private double _normalisedInnovation;
    private double _lastRejected;
    private double _earlierRejected;
    private long _timeMs;
    private ushort _recent; // The latest readings, newest in the lowest bit: 1 was rejected.
    private byte _rejectedInARow; // 0, 1 or 2: only the last two are kept, the third decides.
    private bool _initialised;

    /// <summary>True once a reading was taken.</summary>
    public readonly bool IsInitialised => _initialised;

    /// <summary>The filtered level in the code's unit; 0 before the first reading.</summary>
    public readonly double Level => _level;

    /// <summary>The variance of the level as of <see cref="TimeMs"/>.</summary>
    public readonly double Variance => _variance;

    /// <summary>The adapted process variance per second.</summary>
    public readonly double ProcessVariance => _processVariance;

    /// <summary>The newest event time seen, accepted or not, milliseconds since 1970 UTC.</summary>
    public readonly long TimeMs => _timeMs;

    /// <summary>The last reading's innovation over its standard deviation; 0 when the last reading started the filter or shifted it.</summary>
    public readonly double NormalisedInnovation => _normalisedInnovation;

    /// <summary>Judges a reading. Changes nothing.</summary>
    /// <param name="timeMs">Event time, milliseconds since 1970 UTC.</param>
    /// <param name="value">The reading in the code's unit; finite.</param>
    /// <param name="p">Noise of this reading.</param>
    /// <param name="intervalMs">The signal's own interval; 0 when it is not known.</param>
    public readonly FilterOutcome Decide(long timeMs, double value, in FilterParameters p, int intervalMs)
    {
        if (!double.IsFinite(value))
            ThrowNotFinite(value);
        if (!_initialised)
            return FilterOutcome.Initialised;
        if (timeMs - _timeMs > Math.Max(ShortestGapMs, (long)GapIntervals * intervalMs))
            return FilterOutcome.Reinitialised;

        double walked = _processVariance * SecondsSince(timeMs);
        double innovation = value - _level;
        if (innovation * innovation <= Gate * (_variance + walked + p.MeasurementVariance))
            return FilterOutcome.Accepted;
        if (_rejectedInARow == ShiftReadings - 1 && AgreeOnShift(value, innovation, walked, p.MeasurementVariance))
            return FilterOutcome.ShiftAccepted;
        return System.Numerics.BitOperations.PopCount(_recent) >= MostRejections ? FilterOutcome.Initialised : FilterOutcome.Rejected;
    }

    /// <summary>Follows a judgement that was made, now or long ago. Judges nothing.</summary>
    /// <param name="outcome">What <see cref="Decide"/> said.</param>
    /// <param name="timeMs">Event time, milliseconds since 1970 UTC.</param>
    /// <param name="value">The reading in the code's unit; finite.</param>
    /// <param name="p">Noise of this reading, as it was for the judgement.</param>
    /// <param name="intervalMs">The signal's own interval, as it was for the judgement.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or the outcome is not one of the five.</exception>
    /// <exception cref="InvalidOperationException">The outcome needs a filter that has begun, and this one has not.</exception>
    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "Decide and Apply take the same arguments.")]
    public void Apply(FilterOutcome outcome, long timeMs, double value, in FilterParameters p, int intervalMs)
    {
        if (!double.IsFinite(value))
            ThrowNotFinite(value);
        if (outcome is FilterOutcome.Initialised or FilterOutcome.Reinitialised)
        {
            this = default;
            _initialised = true;
            _level = value;
            _variance = p.MeasurementVariance;
            _processVariance = p.InitialProcessVariance;
            _timeMs = timeMs;
            return;
        }

        if (!_initialised)
            throw new InvalidOperationException($"Outcome {outcome} cannot be applied: the filter has not begun.");

        double seconds = SecondsSince(timeMs);
        double walked = _processVariance * seconds;
        switch (outcome)
        {
            case FilterOutcome.Accepted:
                KalmanStep step = KalmanStep.From(_level, _variance, walked, p.MeasurementVariance, value);
                double z = step.Innovation / Math.Sqrt(step.InnovationVariance);
                if (_rejectedInARow == 0 && seconds > 0)
                    Adapt(z * _normalisedInnovation, p);
                (_level, _variance, _normalisedInnovation) = (step.Level, step.Variance, z);
                _rejectedInARow = 0;
                _recent = (ushort)((_recent << 1) & RecentMask);
                break;
            case FilterOutcome.Rejected:
                _variance += walked;
                _normalisedInnovation = (value - _level) / Math.Sqrt(_variance + p.MeasurementVariance);
                _earlierRejected = _lastRejected;
                _lastRejected = value;
                if (_rejectedInARow < ShiftReadings - 1)
                    _rejectedInARow++;
                _recent = (ushort)(((_recent << 1) | 1) & RecentMask);
                break;
            case FilterOutcome.ShiftAccepted:
                _level = (_earlierRejected + _lastRejected + value) / ShiftReadings;
                _variance = p.MeasurementVariance / ShiftReadings;
                _normalisedInnovation = 0;
                _rejectedInARow = 0;
                _recent = 0;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome of a filter.");
        }

        if (_rejectedInARow == 0)
            _lastRejected = _earlierRejected = 0; // One state, one encoding.
        _timeMs = Math.Max(_timeMs, timeMs);
    }

    /// <summary>Writes the state bit for bit.</summary>
    public readonly void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (!_initialised)
        {
            writer.Byte(0);
            return;
        }

        writer.Byte((byte)(1 + _rejectedInARow));
        writer.Signed(_timeMs);
        writer.Double(_level);
        writer.Double(_variance);
        writer.Double(_processVariance);
        writer.Double(_normalisedInnovation);
        writer.Unsigned(_recent);
        if (_rejectedInARow > 0)
            writer.Double(_lastRejected);
        if (_rejectedInARow > 1)
            writer.Double(_earlierRejected);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the state of a filter.</exception>
    public static LocalLevelFilter Decode(ref PayloadReader reader)
    {
        LocalLevelFilter filter = default;
        int form = reader.Count(ShiftReadings);
        if (form == 0)
            return filter;
        filter._initialised = true;
        filter._rejectedInARow = (byte)(form - 1);
        filter._timeMs = reader.Signed();
        filter._level = Finite(ref reader, "level");
        filter._variance = Finite(ref reader, "variance");
        filter._processVariance = Finite(ref reader, "process variance");
        filter._normalisedInnovation = Finite(ref reader, "innovation");
        filter._recent = (ushort)reader.Count(RecentMask);
        if (filter._rejectedInARow > 0)
            filter._lastRejected = Finite(ref reader, "rejected value");
        if (filter._rejectedInARow > 1)
            filter._earlierRejected = Finite(ref reader, "rejected value");
        if (filter._variance < 0 || filter._processVariance < 0)
            throw new InvalidDataException($"Byte {reader.Position}: a variance of a filter is negative.");
        return filter;
    }

    /// <summary>Bit for bit equality of the states.</summary>
    public readonly bool Equals(LocalLevelFilter other) =>
        _initialised == other._initialised && _timeMs == other._timeMs && _rejectedInARow == other._rejectedInARow && _recent == other._recent
        && Same(_level, other._level) && Same(_variance, other._variance) && Same(_processVariance, other._processVariance)
        && Same(_normalisedInnovation, other._normalisedInnovation)
        && Same(_lastRejected, other._lastRejected) && Same(_earlierRejected, other._earlierRejected);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is LocalLevelFilter other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(_timeMs, _level, _variance);

    /// <summary>Bit for bit equality.</summary>
    public static bool operator ==(LocalLevelFilter left, LocalLevelFilter right) => left.Equals(right);

    /// <summary>Bit for bit inequality.</summary>
    public static bool operator !=(LocalLevelFilter left, LocalLevelFilter right) => !left.Equals(right);

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static double Finite(ref PayloadReader reader, string what)
    {
        double value = reader.Double();
        return double.IsFinite(value) ? value : throw new InvalidDataException($"Byte {reader.Position - 8}: the {what} of a filter is not finite.");
    }

    private readonly double SecondsSince(long timeMs) => timeMs <= _timeMs ? 0 : (timeMs - _timeMs) / 1000.0;

    /// <summary>
    /// The three readings lie on one side of the level, and any two differ no more than two readings of one level would:
    /// their variances, and what the level walked from one to the other (the earlier one counted as two of the present steps back).
    /// </summary>
    private readonly bool AgreeOnShift(double value, double innovation, double walked, double measurementVariance)
    {
        double last = _lastRejected - _level;
        double earlier = _earlierRejected - _level;
        if ((innovation > 0) != (last > 0) || (innovation > 0) != (earlier > 0))
            return false;
        double near = Gate * ((2 * measurementVariance) + walked);
        double far = Gate * ((2 * measurementVariance) + (2 * walked));
        return Square(value - _lastRejected) <= near && Square(_lastRejected - _earlierRejected) <= near && Square(value - _earlierRejected) <= far;
    }

    private static double Square(double x) => x * x;

    private void Adapt(double product, in FilterParameters p)
    {
        double factor = 1 + (AdaptationRate * Math.Clamp(product, -1, 1));
        _processVariance = Math.Clamp(_processVariance * factor, p.MinimumProcessVariance, p.MaximumProcessVariance);
    }

    [DoesNotReturn]
    private static void ThrowNotFinite(double value) =>
        throw new ArgumentOutOfRangeException(nameof(value), value, "A filter takes finite readings only.");
}
