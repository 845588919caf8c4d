using System.Runtime.Intrinsics;

namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>
/// The forms of beats seen lately: of each the mean waveform in every lead, short (100 ms to either side: the QRS complex) and long (120 ms before to 280 ms behind: with the T wave),
/// and what is known of its beats. All waveforms have mean 0 and norm 1.
/// </summary>
internal sealed class BeatForms
{
    /// <summary>So many are kept.</summary>
    public const int Count = 8;

    /// <summary>Ticks of a short waveform.</summary>
    public const int ShortLength = 51;

    /// <summary>Ticks of a long waveform.</summary>
    public const int LongLength = 100;

    /// <summary>A waveform is compared at up to so many ticks to either side.</summary>
    public const int Shift = 3;

    /// <summary>Ticks of a long waveform before the beat.</summary>
    public const int LongBefore = 30;

    /// <summary>So many ticks at either end of a long waveform lie on the line under it.</summary>
    public const int LineTicks = 6;

    private const int ShortBefore = 25;
    private const int SlowestMean = 8;
    private const double ShareRate = 0.02;
    private const double ForgetTicks = 2500;
    private const int GreatestUse = 50;

    private readonly int _leads;
    private readonly float[] _short;
    private readonly float[] _long;
    private readonly FormFacts[] _facts = new FormFacts[Count];

    /// <summary>Makes an empty memory.</summary>
    public BeatForms(int leads)
    {
        _leads = leads;
        _short = new float[Count * leads * ShortLength];
        _long = new float[Count * leads * LongLength];
    }

    /// <summary>What is known of a form.</summary>
    public ref FormFacts this[int form] => ref _facts[form];

    /// <summary>The short waveform of a form in a lead.</summary>
    public Span<float> Short(int form, int lead) => _short.AsSpan(((form * _leads) + lead) * ShortLength, ShortLength);

    /// <summary>The long waveform of a form in a lead.</summary>
    public Span<float> Long(int form, int lead) => _long.AsSpan(((form * _leads) + lead) * LongLength, LongLength);

    /// <summary>Takes the short waveform around a tick out of a lead.</summary>
    public static void CutShort(EcgLead lead, long position, Span<float> wave)
    {
        Cut(lead.Low, position + EcgLead.LowDelay - ShortBefore, wave);
        Normalise(wave);
    }

    /// <summary>Takes the long waveform around a tick out of a lead, without the straight line from its begin to its end: the baseline wanders.</summary>
    public static void CutLong(EcgLead lead, long position, Span<float> wave)
    {
        Cut(lead.Low, position + EcgLead.LowDelay - LongBefore, wave);
        float first = 0, last = 0;
        for (int n = 0; n < LineTicks; n++)
        {
            first += wave[n];
            last += wave[wave.Length - 1 - n];
        }

        float step = (last - first) / LineTicks / (wave.Length - LineTicks);
        for (int n = 0; n < wave.Length; n++)
            wave[n] -= step * n;
        Normalise(wave);
    }

    /// <summary>The correlation of two waveforms.</summary>
    /// <remarks>Four sums, one a lane, each product rounded before it is added, and added up in a fixed order: every machine gets the same bits.</remarks>
    public static float Correlate(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        b = b[..a.Length];
        Vector128<float> sums = default;
        int n = 0;
        for (; n + 3 < a.Length; n += 4)
            sums += Vector128.Create(a[n..]) * Vector128.Create(b[n..]);
        float first = sums[0];
        for (; n < a.Length; n++)
            first += a[n] * b[n];
        return first + sums[1] + (sums[2] + sums[3]);
    }

    /// <summary>Makes a beat part of a form.</summary>
    public void Add(int form, ReadOnlySpan<EcgLead> leads, long position, long tick)
    {
        int n = Math.Min(SlowestMean, _facts[form].Uses = Math.Min(_facts[form].Uses + 1, FormFacts.MostCounted));
        Span<float> wave = stackalloc float[LongLength];
        for (int i = 0; i < leads.Length; i++)
        {
            CutShort(leads[i], position, wave[..ShortLength]);
            Approach(Short(form, i), wave[..ShortLength], n);
            CutLong(leads[i], position, wave);
            Approach(Long(form, i), wave, n);
        }

        _facts[form].LastTick = tick;
    }

    /// <summary>Makes a form of a beat, in the place of the one least worth keeping.</summary>
    /// <returns>Its number.</returns>
    public int Replace(ReadOnlySpan<EcgLead> leads, long position, long tick)
    {
        int form = 0;
        for (int i = 1; i < Count; i++)
        {
            if (Worth(i, tick) < Worth(form, tick))
                form = i;
        }

        _facts[form] = new FormFacts { Uses = 1, LastTick = tick };
        for (int i = 0; i < leads.Length; i++)
        {
            CutShort(leads[i], position, Short(form, i));
            CutLong(leads[i], position, Long(form, i));
        }

        return form;
    }

    /// <summary>Counts a beat of a form among all latest beats.</summary>
    public void CountBeat(int form)
    {
        for (int i = 0; i < Count; i++)
            _facts[i].Share += ShareRate * ((i == form ? 1 : 0) - _facts[i].Share);
    }

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec)
    {
        for (int form = 0; form < Count; form++)
        {
            _facts[form].Transfer(ref codec, _leads);
            if (_facts[form].Uses == 0)
                continue;
            for (int i = 0; i < _leads; i++)
            {
                codec.Numbers(Short(form, i));
                codec.Numbers(Long(form, i));
            }
        }
    }

    private static void Cut(ReadOnlySpan<int> ring, long from, Span<float> wave)
    {
        Span<int> values = stackalloc int[LongLength];
        values = values[..wave.Length];
        EcgLead.Copy(ring, from, values);
        int n = 0;
        for (; n + 3 < wave.Length; n += 4)
            Vector128.ConvertToSingle(Vector128.Create<int>(values[n..])).CopyTo(wave[n..]);
        for (; n < wave.Length; n++)
            wave[n] = values[n];
    }

    private static void Approach(Span<float> mean, ReadOnlySpan<float> wave, int n)
    {
        float rate = 1f / n;
        for (int k = 0; k < wave.Length; k++)
            mean[k] += rate * (wave[k] - mean[k]);
        Normalise(mean);
    }

    private static void Normalise(Span<float> wave)
    {
        float first = 0, second = 0;
        int n = 0;
        for (; n + 1 < wave.Length; n += 2)
        {
            first += wave[n];
            second += wave[n + 1];
        }

        if (n < wave.Length)
            first += wave[n];
        float mean = (first + second) / wave.Length;
        n = 0;
        for (; n + 3 < wave.Length; n += 4)
            (Vector128.Create(wave[n..]) - Vector128.Create(mean)).CopyTo(wave[n..]);
        for (; n < wave.Length; n++)
            wave[n] -= mean;
        float squares = Correlate(wave, wave);
        float scale = squares > 0 ? 1 / MathF.Sqrt(squares) : 0;
        n = 0;
        for (; n + 3 < wave.Length; n += 4)
            (Vector128.Create(wave[n..]) * scale).CopyTo(wave[n..]);
        for (; n < wave.Length; n++)
            wave[n] *= scale;
    }

    private double Worth(int form, long tick) =>
        _facts[form].Uses == 0 ? -1 : Math.Min(_facts[form].Uses, GreatestUse) / (1 + ((tick - _facts[form].LastTick) / ForgetTicks));
}
