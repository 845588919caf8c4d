using System.Runtime.InteropServices;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Weight;

/// <summary>
/// All that is known of one person's weight. Immutable: <see cref="WeightService.Handle"/> returns the next one.
/// It holds the course as of now, the newest <see cref="KeptMeasurements"/> weighings, and the course before the first of these, so that one which arrives out of order
/// is folded where it belongs.
/// </summary>
/// <remarks>At most 740 bytes when encoded; about 570 for a person who weighs day after day.</remarks>
public sealed class WeightState : IEquatable<WeightState>
{
    /// <summary>The version of the encoding.</summary>
    public const byte Version = 2;

    /// <summary>So many of the newest weighings may still be overtaken by a late one.</summary>
    public const int KeptMeasurements = 8;

    private readonly WeightCourse _checkpoint;
    private readonly WeightMeasurement[] _kept;
    private readonly WeightCourse _current;
    private readonly long _checkpointMs; // Of the newest weighing in the checkpoint; -1 when there is none.

    private WeightState(WeightCourse checkpoint, long checkpointMs, WeightMeasurement[] kept, WeightCourse current)
    {
        _checkpoint = checkpoint;
        _checkpointMs = checkpointMs;
        _kept = kept;
        _current = current;
    }

    /// <summary>The state of somebody of whom nothing is known.</summary>
    public static WeightState Empty { get; } = new(new WeightCourse(), -1, [], new WeightCourse());

    /// <summary>The estimate; null while initialisation is needed.</summary>
    public WeightEstimate? Estimate => _current.Estimate;

    /// <summary>How many bytes <see cref="Encode"/> writes.</summary>
    public int EncodedLength
    {
        get
        {
            PayloadWriter writer = new(1024);
            Encode(writer);
            return writer.Length;
        }
    }

    /// <summary>Writes the state bit for bit, its version first.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(Version);
        writer.Signed(_checkpointMs);
        _checkpoint.Encode(writer);
        WeightCourse.Encode(writer, _kept);
        if (_kept.Length > 0)
            _current.Encode(writer);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote, now or as version 1.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a state, or one of a version that is not known.</exception>
    public static WeightState Decode(ref PayloadReader reader)
    {
        byte version = reader.Byte();
        if (version == 1)
        {
            WeightCourse migrated = WeightCourse.DecodeVersion1(ref reader);
            return new WeightState(migrated, migrated.NewestMs, [], migrated);
        }

        if (version != Version)
            throw new InvalidDataException($"A weight state of version {version} is not known; versions 1 and {Version} are.");
        long checkpointMs = reader.Signed();
        WeightCourse checkpoint = WeightCourse.Decode(ref reader);
        List<WeightMeasurement> kept = [];
        WeightCourse.Decode(ref reader, kept, KeptMeasurements);
        if (checkpointMs < -1 || checkpointMs < checkpoint.NewestMs || (kept.Count > 0 && kept[0].TimeMs < checkpointMs))
            throw new InvalidDataException($"Byte {reader.Position}: the parts of the weight state do not follow each other in time.");
        return new WeightState(checkpoint, checkpointMs, [.. kept], kept.Count > 0 ? WeightCourse.Decode(ref reader) : checkpoint);
    }

    /// <summary>The state and the result after one more weighing.</summary>
    internal WeightStep With(in WeightMeasurement measurement, WeightConfiguration configuration)
    {
        int same = FindSame(measurement);
        if (same >= 0 && (_kept[same].IsConfirmed || !measurement.IsConfirmed))
            return new WeightStep(this, new WeightResult { Outcome = WeightOutcome.Repeated, Estimate = Estimate });
        if (measurement.TimeMs <= _checkpointMs)
            return new WeightStep(this, new WeightResult { Outcome = WeightOutcome.TooLate, Reason = WeightReason.TooLate, Estimate = Estimate });

        List<WeightMeasurement> kept = [.. _kept];
        int at = same;
        if (same >= 0)
            kept[same] = measurement; // The same weighing, now confirmed: it takes the place of the unconfirmed one.
        else
            kept.Insert(at = PlaceOf(measurement), measurement);

        WeightCourse checkpoint = _checkpoint;
        WeightCourse current;
        WeightResult result = default;
        if (at == _kept.Length)
        {
            current = _current.Copy();
            result = current.Fold(measurement, configuration);
        }
        else
        {
            current = checkpoint.Copy();
            for (int i = 0; i < kept.Count; i++)
            {
                WeightResult each = current.Fold(kept[i], configuration);
                if (i == at)
                    result = each;
            }
        }

        // Seen from the newest weighings alone, and told alone: the course knows nothing of it.
        if (result is { Reason: WeightReason.Implausible or WeightReason.DigitSwapOrShift or WeightReason.OtherPersonOrShift, Judgement: { } judgement }
            && Disagreement.IsSecondPerson(measurement.Kilograms, CollectionsMarshal.AsSpan(kept)[..at], judgement, configuration.Gate))
        {
            result = result with { Reason = WeightReason.OtherPerson };
        }

        long checkpointMs = _checkpointMs;
        if (kept.Count > KeptMeasurements)
        {
            checkpoint = checkpoint.Copy();
            checkpoint.Fold(kept[0], configuration);
            checkpointMs = kept[0].TimeMs;
            kept.RemoveAt(0);
        }

        return new WeightStep(new WeightState(checkpoint, checkpointMs, [.. kept], current), result with { Estimate = current.Estimate });
    }

    /// <summary>Bit for bit equality.</summary>
    public bool Equals(WeightState? other)
    {
        if (other is null)
            return false;
        PayloadWriter mine = new(1024), theirs = new(1024);
        Encode(mine);
        other.Encode(theirs);
        return mine.Written.SequenceEqual(theirs.Written);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WeightState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_checkpointMs, _kept.Length, Estimate);

    /// <summary>The same time and weight is the same weighing, whichever way it came: a scale's own app and a collecting one both pass it on.</summary>
    private int FindSame(WeightMeasurement measurement) => Array.FindIndex(_kept, kept => kept.TimeMs == measurement.TimeMs && kept.Kilograms == measurement.Kilograms);

    /// <summary>Order by time, then weight, so that the order of arrival makes no difference.</summary>
    private int PlaceOf(in WeightMeasurement measurement)
    {
        int at = _kept.Length;
        while (at > 0 && (_kept[at - 1].TimeMs, _kept[at - 1].Kilograms).CompareTo((measurement.TimeMs, measurement.Kilograms)) > 0)
            at--;
        return at;
    }
}
