using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>
/// The patient's usual beat in one lead, and what a new beat looks like beside it. The usual form is learned from beats that resemble it; another form takes its place
/// after forty beats in a row of it (four while nothing is known), fast ones counting a quarter, so that a run of ventricular tachycardia does not become usual within its first minute.
/// </summary>
internal sealed class UsualBeat
{
    /// <summary>The form reaches from so many milliseconds before the beat,</summary>
    public const int BeforeMs = 120;

    /// <summary>to so many behind it.</summary>
    public const int AfterMs = 160;

    /// <summary>Faster than this counts as fast, milliseconds.</summary>
    private const int FastMs = 600;

    private const int StepMs = 8;
    private const int Length = ((BeforeMs + AfterMs) / StepMs) + 1;
    private const int Shifts = 5; // A detector may mark another deflection of the same complex, so many steps away.
    private const int Window = Length + (2 * Shifts);
    private const double Alike = 0.85;
    private const int Different = 60; // Hundredths: as much as makes a beat another one, however alike in form.
    private const int ReplaceAfter = 160;
    private const int BeginAfter = 16;
    private const int SlowStep = 4;

    private readonly float[] _usual = new float[Length];
    private readonly float[] _rival = new float[Length];
    private readonly float[] _previous = new float[Length];
    private int _rivalWeight;
    private bool _isKnown;

    /// <summary>True once a usual form is known.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>From the lowest to the highest point of the usual form, microvolts; 0 while none is known.</summary>
    public float Height => _isKnown ? HeightOf(_usual) : 0;

    /// <summary>Milliseconds that must be known before and behind a beat.</summary>
    public static int ReachBeforeMs => BeforeMs + (Shifts * StepMs) + StepMs;

    /// <inheritdoc cref="ReachBeforeMs"/>
    public static int ReachAfterMs => AfterMs + (Shifts * StepMs) + StepMs;

    /// <summary>Looks at a beat and learns from it.</summary>
    /// <param name="trace">The lead.</param>
    /// <param name="at">The beat's place in it, in inner samples; not always whole.</param>
    /// <param name="intervalMs">Time since the beat before.</param>
    public BeatForm Look(LeadTrace trace, double at, long intervalMs)
    {
        Span<float> window = stackalloc float[Window];
        double step = trace.InnerRate * StepMs / 1000;
        double from = at - (((BeforeMs / StepMs) + Shifts) * step);
        for (int i = 0; i < Window; i++)
            window[i] = trace.At(from + (i * step));

        (double usual, int shift) = _isKnown ? Best(_usual, window) : (0, 0);
        (double before, _) = Best(_previous, window);
        ReadOnlySpan<float> form = window.Slice(Shifts + shift, Length);
        float usualHeight = Height;
        byte difference = _isKnown ? Difference(_usual, form) : (byte)0;

        double weight = 0, moment = 0, square = 0, slope = 0, bend = 0;
        float low = form[0], high = form[0], steepest = 0, last = 0;
        for (int i = 1; i < Length; i++)
            steepest = Math.Max(steepest, Math.Abs(form[i] - form[i - 1]));
        for (int i = 1; i < Length; i++)
        {
            low = Math.Min(low, form[i]);
            high = Math.Max(high, form[i]);
            float change = form[i] - form[i - 1];
            slope += Math.Abs(change);
            if (i > 1)
                bend += Math.Abs(change - last);
            last = change;
            double w = Math.Max(0, Math.Abs(change) - (0.1f * steepest));
            weight += w;
            moment += w * i;
            square += w * i * i;
        }

        double spread = 0;
        if (weight > 0)
        {
            double mean = moment / weight;
            spread = StepMs * Math.Sqrt(Math.Max(0, (square / weight) - (mean * mean)));
        }

        var (spreadMs, roughness) = ((byte)(spread + 0.5), slope > 0 ? (byte)Math.Min(byte.MaxValue, 100 * bend / slope) : (byte)0);
        if (!BeatForm.IsSpike(spreadMs, roughness))
            Learn(form, usual >= Alike && difference < Different, window, intervalMs < FastMs);
        form.CopyTo(_previous);
        byte height = usualHeight > 0 ? (byte)Math.Min(byte.MaxValue, 10 * (high - low) / usualHeight) : (byte)0;
        return new BeatForm((sbyte)(100 * usual), difference, (sbyte)(100 * before), spreadMs, roughness, height, (ushort)Math.Min(ushort.MaxValue, high - low));
    }

    public void Encode(PayloadWriter writer)
    {
        writer.Boolean(_isKnown);
        writer.Unsigned((ulong)_rivalWeight);
        foreach (float[] form in (float[][])[_usual, _rival, _previous])
        {
            foreach (float point in form)
                writer.Single(point);
        }
    }

    public static UsualBeat Decode(ref PayloadReader reader)
    {
        var usual = new UsualBeat { _isKnown = reader.Boolean(), _rivalWeight = reader.Count(ReplaceAfter) };
        foreach (float[] form in (float[][])[usual._usual, usual._rival, usual._previous])
        {
            for (int i = 0; i < Length; i++)
                form[i] = StateForm.FiniteSingle(ref reader, "usual beat");
        }

        return usual;
    }

    private void Learn(ReadOnlySpan<float> form, bool isUsual, ReadOnlySpan<float> window, bool isFast)
    {
        if (isUsual)
        {
            Blend(_usual, form, 0.0625f);
            _rivalWeight = Math.Max(0, _rivalWeight - (2 * SlowStep));
            return;
        }

        (double rival, int shift) = Best(_rival, window);
        if (rival < Alike || _rivalWeight == 0)
        {
            // A stranger weakens the rival a little and takes its place when nothing is left of it: in bigeminy from the start one of the two forms still wins.
            if (_rivalWeight > 0)
                _rivalWeight--;
            if (_rivalWeight > 0)
                return;
            window.Slice(Shifts, Length).CopyTo(_rival);
            _rivalWeight = SlowStep;
            return;
        }

        Blend(_rival, window.Slice(Shifts + shift, Length), 0.25f);
        _rivalWeight += isFast && _isKnown ? 1 : SlowStep;
        if (_rivalWeight < (_isKnown ? ReplaceAfter : BeginAfter))
            return;
        _rival.CopyTo(_usual, 0);
        _isKnown = true;
        _rivalWeight = 0;
    }

    private static void Blend(float[] form, ReadOnlySpan<float> with, float share)
    {
        for (int i = 0; i < Length; i++)
            form[i] += (with[i] - form[i]) * share;
    }

    /// <summary>The highest correlation of a form with the window over all shifts, and the shift.</summary>
    private static (double Correlation, int Shift) Best(float[] form, ReadOnlySpan<float> window)
    {
        // About its mean, which is the same for all shifts.
        Span<double> centred = stackalloc double[Length];
        double mean = 0, square = 0;
        foreach (float point in form)
            mean += point;
        mean /= Length;
        for (int i = 0; i < Length; i++)
        {
            double x = form[i] - mean;
            centred[i] = x;
            square += x * x;
        }

        double best = -1;
        int bestShift = 0;
        for (int shift = -Shifts; shift <= Shifts; shift++)
        {
            double correlation = Correlation(centred, square, window.Slice(Shifts + shift, Length));
            if (correlation > best)
                (best, bestShift) = (correlation, shift);
        }

        return (best, bestShift);
    }

    private static float HeightOf(float[] form)
    {
        float low = form[0], high = form[0];
        foreach (float point in form)
        {
            low = Math.Min(low, point);
            high = Math.Max(high, point);
        }

        return high - low;
    }

    /// <summary>Root of the squared difference over the squared usual form, both about their means.</summary>
    private static byte Difference(float[] usual, ReadOnlySpan<float> form)
    {
        double meanA = 0, meanB = 0;
        for (int i = 0; i < Length; i++)
        {
            meanA += usual[i];
            meanB += form[i];
        }

        meanA /= Length;
        meanB /= Length;
        double square = 0, difference = 0;
        for (int i = 0; i < Length; i++)
        {
            double a = usual[i] - meanA, d = form[i] - meanB - a;
            square += a * a;
            difference += d * d;
        }

        return square > 0 ? (byte)Math.Min(byte.MaxValue, 100 * Math.Sqrt(difference / square)) : (byte)0;
    }

    private static double Correlation(ReadOnlySpan<double> a, double aa, ReadOnlySpan<float> b)
    {
        double mean = 0;
        for (int i = 0; i < b.Length; i++)
            mean += b[i];
        mean /= Length;
        double ab = 0, bb = 0;
        for (int i = 0; i < b.Length && i < a.Length; i++)
        {
            double y = b[i] - mean;
            ab += a[i] * y;
            bb += y * y;
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
