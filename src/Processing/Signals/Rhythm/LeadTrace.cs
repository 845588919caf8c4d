using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>The last seconds of one lead in microvolts at an inner rate near 125 a second (averaged down from the lead's own), and what they look like.</summary>
internal sealed class LeadTrace
{
    /// <summary>Seconds that are looked at together.</summary>
    public const int Seconds = 4;

    private const int RingSize = 1024; // 5.4 s at the highest inner rate; a power of two.
    private const int Mask = RingSize - 1;
    private const double WantedRate = 125;
    private const int Unknown = int.MinValue;
    private const int RestSeconds = 16;

    private readonly short[] _ring = new short[RingSize];
    private readonly bool[] _invalid = new bool[RingSize];
    private readonly int _block;
    private double _sum;
    private int _count;
    private int _missing;
    private short _last;
    private short _lowest = short.MaxValue; // Of all seconds that an amplifier may give.
    private short _highest = short.MinValue;
    private int _rest = Unknown; // Where the lead lies in the mean while it shows beats, microvolts.

    public LeadTrace(double rate)
    {
        _block = Math.Max(1, (int)((rate / WantedRate) + 0.5));
        InnerRate = rate / _block;
        KeptSamples = (int)((Seconds + 0.6) * InnerRate);
    }

    /// <summary>Inner samples a second.</summary>
    public double InnerRate { get; }

    /// <summary>Samples of the lead that make one inner sample.</summary>
    public int Block => _block;

    /// <summary>Inner samples so far.</summary>
    public long Inner { get; private set; }

    /// <summary>Inner samples that are kept.</summary>
    public int KeptSamples { get; }

    /// <summary>Takes one sample in millivolts, NaN where it is not valid. Returns true when an inner sample was completed.</summary>
    public bool Push(float millivolts)
    {
        if (float.IsFinite(millivolts))
            _sum += millivolts;
        else
            _missing++;
        if (++_count < _block)
            return false;
        int valid = _block - _missing;
        if (valid > 0)
        {
            double microvolts = Math.Clamp(1000 * _sum / valid, -32_000, 32_000);
            _last = (short)(microvolts >= 0 ? microvolts + 0.5 : microvolts - 0.5);
        }

        _ring[Inner & Mask] = _last;
        _invalid[Inner & Mask] = 2 * valid < _block;
        Inner++;
        _sum = 0;
        _count = _missing = 0;
        return true;
    }

    /// <summary>The value at a place in inner samples, on the straight line between its neighbours. The caller sees to it that it is kept.</summary>
    public float At(double place)
    {
        long before = (long)place;
        float share = (float)(place - before);
        return _ring[before & Mask] + ((_ring[(before + 1) & Mask] - _ring[before & Mask]) * share);
    }

    /// <summary>True when beats of a size that a monitor must count have been seen in this lead: what is small afterwards is the heart's own doing.</summary>
    public bool IsProven { get; set; }

    /// <summary>Judges the last second and the last four.</summary>
    /// <param name="usualMicrovolts">Height of the usual beat; 0 while none is known.</param>
    public LeadSecond Judge(float usualMicrovolts)
    {
        int second = (int)InnerRate;
        int low = int.MaxValue, high = int.MinValue, still = 0, missing = 0;
        long sum = 0;
        double slope = 0, bend = 0;
        for (long at = Math.Max(2, Inner - second); at < Inner; at++)
        {
            int value = _ring[at & Mask], before = _ring[(at - 1) & Mask], earlier = _ring[(at - 2) & Mask];
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            sum += value;
            if (value == before)
                still++;
            if (_invalid[at & Mask])
                missing++;
            slope += Math.Abs(value - before);
            bend += Math.Abs(value - (2 * before) + earlier);
        }

        LeadFault fault = 2 * missing < second && high >= low ? FaultOf(low, high, (int)(sum / second), usualMicrovolts) : LeadFault.None;
        (float peakedness, float frequency, float leakage, float magnitude, SwingRun swings) = Shape(usualMicrovolts);
        return new LeadSecond(high > low ? high - low : 0, (float)still / second, (float)missing / second, slope > 0 ? (float)(bend / slope) : 0, peakedness, frequency, leakage, magnitude, swings, fault);
    }

    private LeadFault FaultOf(int low, int high, int mean, float usual)
    {
        int range = high - low;
        if (range > LeadFaults.GreatestMicrovolts)
            return LeadFault.TooLarge;
        (_lowest, _highest) = ((short)Math.Min(_lowest, low), (short)Math.Max(_highest, high));
        // Not the beat detector's rule, which finds beats that are cut off, 50 ms at a time: with those a lead still shows that the heart beats. And where that one allows no noise, a converter does.
        bool isAtEnd = (high >= LeadFaults.RailMicrovolts && high >= _highest - LeadFaults.RailNoiseMicrovolts) || (low <= -LeadFaults.RailMicrovolts && low <= _lowest + LeadFaults.RailNoiseMicrovolts);
        // A lead that rests far from zero stands still there, too: that is no end of its range, but where its beats were.
        bool isAtRest = _rest != Unknown && Math.Abs(mean - _rest) <= LeadFaults.RestMicrovolts;
        if (isAtEnd && range <= LeadFaults.RailNoiseMicrovolts && !isAtRest)
            return LeadFault.Saturated;
        // For good: in a standstill P waves may be taken for beats in the end.
        IsProven |= usual >= LeadFaults.LeastMicrovolts;
        if (IsProven && range > LeadFaults.RailNoiseMicrovolts)
            _rest = _rest == Unknown ? mean : _rest + ((mean - _rest) / RestSeconds);
        return IsProven || (usual == 0 && range >= LeadFaults.LeastMicrovolts) ? LeadFault.None : LeadFault.TooSmall;
    }

    public void Encode(PayloadWriter writer)
    {
        writer.Double(_sum);
        writer.Unsigned((ulong)_count);
        writer.Unsigned((ulong)_missing);
        writer.Signed(_last);
        writer.Signed(_lowest);
        writer.Signed(_highest);
        writer.Boolean(IsProven);
        writer.Signed(_rest);
        writer.Unsigned((ulong)Inner);
        int before = 0;
        for (long at = Math.Max(0, Inner - KeptSamples); at < Inner; at++)
        {
            int value = _ring[at & Mask];
            // The lowest bit says whether it is valid, the rest is the step from the one before.
            writer.Signed(((long)(value - before) << 1) | (_invalid[at & Mask] ? 1L : 0L));
            before = value;
        }
    }

    /// <param name="reader">Stands behind the trace afterwards.</param>
    /// <param name="rate">Samples of the lead in a second.</param>
    /// <param name="isWhole">False for bytes of a monitor that knew no faults: that the lead has shown beats is taken for granted.</param>
    public static LeadTrace Decode(ref PayloadReader reader, double rate, bool isWhole)
    {
        var trace = new LeadTrace(rate);
        trace._sum = StateForm.Finite(ref reader, "lead");
        trace._count = reader.Count(trace._block - 1);
        trace._missing = reader.Count(trace._block - 1);
        trace._last = Short(reader.Signed(), ref reader);
        trace._lowest = isWhole ? Short(reader.Signed(), ref reader) : short.MaxValue;
        trace._highest = isWhole ? Short(reader.Signed(), ref reader) : short.MinValue;
        trace.IsProven = !isWhole || reader.Boolean();
        trace._rest = isWhole ? Rest(reader.Signed(), ref reader) : Unknown;
        ulong inner = reader.Unsigned();
        if (inner > long.MaxValue)
            throw new InvalidDataException($"Byte {reader.Position}: a count of a lead has more than 63 bits.");
        trace.Inner = (long)inner;
        long value = 0;
        for (long at = Math.Max(0, trace.Inner - trace.KeptSamples); at < trace.Inner; at++)
        {
            long coded = reader.Signed();
            value += coded >> 1;
            trace._ring[at & Mask] = Short(value, ref reader);
            trace._invalid[at & Mask] = (coded & 1) != 0;
        }

        return trace;
    }

    private static int Rest(long value, ref PayloadReader reader) => value == Unknown ? Unknown : Short(value, ref reader);

    private static short Short(long value, ref PayloadReader reader) =>
        value is >= short.MinValue and <= short.MaxValue ? (short)value : throw new InvalidDataException($"Byte {reader.Position}: a sample of a lead has more than 16 bits.");

    /// <summary>Pairs of inner samples of the last four seconds, without a mean over half a second around each.</summary>
    private (float Peakedness, float Frequency, float Leakage, float Magnitude, SwingRun Swings) Shape(float usualMicrovolts)
    {
        const int Longest = 400;
        double rate = InnerRate / 2;
        int half = (int)(0.25 * rate);
        int count = (int)(Seconds * rate);
        if (Inner < 2L * (count + 1))
            return (0, 0, 1, 0, default);
        Span<int> raw = stackalloc int[Longest];
        long from = Inner - (2L * count);
        int lowest = int.MaxValue, highest = int.MinValue;
        for (int i = 0; i < count; i++)
        {
            raw[i] = _ring[(from + (2 * i)) & Mask] + _ring[(from + (2 * i) + 1) & Mask];
            (lowest, highest) = (Math.Min(lowest, raw[i]), Math.Max(highest, raw[i]));
        }

        // What is too large has no shape, also where the last second alone is small enough.
        if (highest - lowest > 2 * LeadFaults.GreatestMicrovolts)
            return (0, 0, 1, 0, default);
        Span<float> wave = stackalloc float[Longest];
        // Of whole numbers, so that the sum that moves on is the one that would be counted anew.
        long sum = 0;
        for (int i = 0; i < Math.Min(half, count); i++)
            sum += raw[i];
        for (int i = 0; i < count; i++)
        {
            if (i + half < count)
                sum += raw[i + half];
            if (i - half > 0)
                sum -= raw[i - half - 1];
            int first = Math.Max(0, i - half), last = Math.Min(count - 1, i + half);
            wave[i] = (raw[i] - ((float)sum / (last - first + 1))) / 2;
        }

        double magnitude = 0, slope = 0, second = 0, fourth = 0;
        for (int i = 0; i < count; i++)
        {
            double square = (double)wave[i] * wave[i];
            magnitude += Math.Abs(wave[i]);
            second += square;
            fourth += square * square;
            if (i > 0)
                slope += Math.Abs(wave[i] - wave[i - 1]);
        }

        if (!(magnitude > 0) || !(slope > 0))
            return (0, 0, 1, 0, default);
        // For a sine of period N the sum of |x| over the sum of |dx| is N / 2 pi.
        double period = 2 * Math.PI * magnitude / slope;
        int shift = (int)((period / 2) + 0.5);
        double left = 0, whole = 0;
        for (int i = shift; i < count; i++)
        {
            left += Math.Abs(wave[i] + wave[i - shift]);
            whole += Math.Abs(wave[i]) + Math.Abs(wave[i - shift]);
        }

        return ((float)(count * fourth / (second * second)), (float)(rate / period), whole > 0 ? (float)(left / whole) : 1, (float)(magnitude / count), SwingRun.In(wave[..count], rate, usualMicrovolts));
    }
}
