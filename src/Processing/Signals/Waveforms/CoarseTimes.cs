using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>
/// Recognises a device whose samples go on without a break but whose times are cut off to whole seconds. By such times chunks lie apart and overlap in turn; by the number of samples they lie
/// less than a second apart from their times, always. Only chunks that do not fit leave a trace here, so that it makes no difference how correct ones are cut.
/// </summary>
internal struct CoarseTimes
{
    /// <summary>What the times are cut off to.</summary>
    internal const long UnitUs = 1_000_000;

    /// <summary>So many chunks that did not fit, in both directions, make it certain.</summary>
    internal const int Enough = 5;

    // Further apart, and they have nothing to do with each other.
    private const long LongestBetweenUs = 40_000_000;
    private const byte Apart = 1;
    private const byte Overlapping = 2;

    private int _count;
    private byte _seen;
    private long _newestUs;
    private long _leftOutUs; // Samples that were left out, less those that were filled in, since the first of these chunks.
    private long _leastUs; // How far times lay from the count of all samples.
    private long _mostUs;

    /// <summary>True while chunks did not fit of late.</summary>
    internal readonly bool IsSuspected => _count > 0;

    /// <summary>Takes a chunk that does not fit.</summary>
    /// <param name="startUs">Its time.</param>
    /// <param name="aheadUs">How far that is behind the end of what is there; below zero where it overlaps.</param>
    /// <param name="lengthUs">How long it is.</param>
    /// <param name="slackUs">How exact times are.</param>
    /// <returns>How long after its time its samples begin by the count of all samples, once it is certain; null before.</returns>
    internal long? Take(long startUs, long aheadUs, long lengthUs, long slackUs)
    {
        if (_count > 0 && startUs - _newestUs is < 0 or > LongestBetweenUs)
            this = default;
        long apartUs = aheadUs - _leftOutUs;
        (_leastUs, _mostUs) = (Math.Min(_leastUs, apartUs), Math.Max(_mostUs, apartUs));
        if (startUs % UnitUs != 0 || Math.Abs(aheadUs) >= UnitUs || _mostUs - _leastUs > UnitUs + slackUs)
        {
            this = default;
            return null;
        }

        _newestUs = startUs;
        _seen |= aheadUs > 0 ? Apart : Overlapping;
        _count = Math.Min(_count + 1, Enough);
        _leftOutUs += aheadUs > 0 ? -aheadUs : Math.Min(-aheadUs, lengthUs);
        return _count == Enough && _seen == (Apart | Overlapping) ? _mostUs - apartUs : null;
    }

    internal readonly void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)_count);
        writer.Byte(_seen);
        writer.Signed(_newestUs);
        writer.Signed(_leftOutUs);
        writer.Signed(_leastUs);
        writer.Signed(_mostUs);
    }

    internal static CoarseTimes Decode(ref PayloadReader reader) => new()
    {
        _count = reader.Count(Enough),
        _seen = (byte)(reader.Byte() & (Apart | Overlapping)),
        _newestUs = reader.Signed(),
        _leftOutUs = reader.Signed(),
        _leastUs = reader.Signed(),
        _mostUs = reader.Signed(),
    };
}
