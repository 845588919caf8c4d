namespace PhysioActors.Processing.Signals.Ecg;

public sealed partial class BeatDetector
{
    private const int PeakHalfWidth = 30;
    private const int DecisionLag = 60;
    private const int Refractory = 50;
    private const int LearningTicks = 500;

    private struct Candidate
    {
        public long Tick;
        public double Height;
        public double Slope;
        public double Position;
        public double Energy0;
        public double Energy1;

        public void Transfer(ref StateCodec codec)
        {
            codec.Integer(ref Tick, long.MinValue, long.MaxValue);
            codec.Number(ref Height);
            codec.Number(ref Slope);
            codec.Number(ref Position);
            codec.Number(ref Energy0);
            codec.Number(ref Energy1);
        }
    }

    private readonly Candidate[] _pending = new Candidate[32];
    private int _pendingCount;
    private readonly Candidate[] _rejected = new Candidate[16];
    private int _rejectedCount;
    private long _peakTick = -1;
    private float _peak;
    private long _lastTick = -1;
    private double _lastSlope;
    private Candidate _last;
    private readonly double[] _rr = new double[8];
    private int _rrCount;
    private double _meanRr = 200;
    private readonly double[] _noise = new double[8];
    private int _noiseCount;
    private double _noiseLevel = 0.1;

    private void Tick()
    {
        long k = _tick++;
        if (k < LearningTicks)
        {
            for (int i = 0; i < _leads.Length; i++)
            {
                LeadState s = _states[i];
                s.QrsLevel = Math.Max(s.QrsLevel, 0.7 * _leads[i].Energy[(int)k & Mask]);
            }

            UpdateGains();
        }

        double sum = 0;
        for (int i = 0; i < _leads.Length; i++)
            sum += _states[i].Gain * _leads[i].Energy[(int)k & Mask];
        float c = (float)sum;
        _combined[(int)k & Mask] = c;
        if (c > _peak)
        {
            (_peak, _peakTick) = (c, k);
        }
        else if (k - _peakTick >= PeakHalfWidth)
        {
            EndPeak();
            (_peak, _peakTick) = (c, k);
        }

        while (_pendingCount > 0 && k - _pending[0].Tick >= DecisionLag && k >= LearningTicks)
        {
            Candidate candidate = _pending[0];
            Array.Copy(_pending, 1, _pending, 0, --_pendingCount);
            Decide(ref candidate);
        }

        if (_lastTick >= 0 && k - _lastTick > 1.5 * _meanRr + DecisionLag && _rejectedCount > 0)
            SearchBack();
    }

    private void EndPeak()
    {
        for (long t = _peakTick - PeakHalfWidth; t < _peakTick; t++)
        {
            if (t >= 0 && _combined[(int)t & Mask] > _peak)
                return;
        }

        if (_pendingCount == _pending.Length || _peak <= 0)
            return;
        Candidate c = default;
        c.Tick = _peakTick;
        c.Height = _peak;
        c.Energy0 = PeakOf(_leads[0].Energy, _peakTick, 10);
        c.Energy1 = _leads.Length > 1 ? PeakOf(_leads[1].Energy, _peakTick, 10) : 0;
        for (int i = 0; i < _leads.Length; i++)
            c.Slope += _states[i].Gain * PeakOf(_leads[i].Slope, _peakTick - 10, 15);
        c.Position = Locate(_peakTick - EcgLead.EnergyDelay);
        _pending[_pendingCount++] = c;
    }

    private static double PeakOf(ReadOnlySpan<int> ring, long tick, int reach)
    {
        int max = 0;
        for (long t = tick - reach; t <= tick + reach; t++)
            max = Math.Max(max, ring[(int)t & Mask]);
        return max;
    }

    private double Locate(long centre)
    {
        ReadOnlySpan<int> low = _leads[0].Low;
        long from = Math.Max(0, centre + 2 - 20), to = centre + 2 + 20;
        long sum = 0;
        for (long t = from; t <= to; t++)
            sum += low[(int)t & Mask];
        int mean = (int)(sum / (to - from + 1));
        long best = from;
        int bestValue = -1;
        for (long t = from; t <= to; t++)
        {
            int v = Math.Abs(low[(int)t & Mask] - mean);
            if (v > bestValue)
                (best, bestValue) = (t, v);
        }

        return best - 2;
    }

    private void Decide(ref Candidate c)
    {
        double thr = _noiseLevel + 0.3 * (1 - _noiseLevel);
        long rr = _lastTick < 0 ? long.MaxValue : c.Tick - _lastTick;
        bool larger = false;
        for (int i = 0; i < _pendingCount; i++)
            larger |= _pending[i].Tick - c.Tick < Refractory && _pending[i].Height > c.Height;
        bool tWave = rr < 90 && c.Slope < 0.5 * _lastSlope;
        if (c.Height > thr && rr >= Refractory && !larger && !tWave)
        {
            Accept(ref c, false);
            return;
        }

        if (rr < Refractory)
            return;
        _noise[_noiseCount++ & 7] = Math.Min(c.Height, 1);
        double sum = 0;
        int n = Math.Min(8, _noiseCount);
        for (int i = 0; i < n; i++)
            sum += _noise[i];
        _noiseLevel = sum / n;
        _states[0].LearnNoise(c.Energy0);
        if (_leads.Length > 1)
            _states[1].LearnNoise(c.Energy1);
        UpdateGains();
        if (!larger && !tWave)
        {
            if (_rejectedCount == _rejected.Length)
                Array.Copy(_rejected, 1, _rejected, 0, --_rejectedCount);
            _rejected[_rejectedCount++] = c;
        }
    }

    private void SearchBack()
    {
        int best = -1;
        for (int i = 0; i < _rejectedCount; i++)
        {
            if (_rejected[i].Tick - _lastTick >= 90 && (best < 0 || _rejected[i].Height > _rejected[best].Height))
                best = i;
        }

        if (best < 0)
            return;
        double thr = _noiseLevel + 0.3 * (1 - _noiseLevel);
        if (_rejected[best].Height > 0.5 * thr)
        {
            Candidate c = _rejected[best];
            Accept(ref c, true);
        }
        else
        {
            _rejectedCount = 0;
        }
    }

    private void Accept(ref Candidate c, bool searchBack)
    {
        if (_lastTick >= 0)
        {
            double rr = c.Tick - _lastTick;
            _rr[_rrCount++ & 7] = rr;
            double sum = 0;
            int n = Math.Min(8, _rrCount);
            for (int i = 0; i < n; i++)
                sum += _rr[i];
            _meanRr = sum / n;
        }

        _lastTick = c.Tick;
        _lastSlope = c.Slope;
        _last = c;
        int keep = 0;
        for (int i = 0; i < _rejectedCount; i++)
        {
            if (_rejected[i].Tick > c.Tick)
                _rejected[keep++] = _rejected[i];
        }

        _rejectedCount = keep;
        _states[0].LearnBeat(c.Energy0);
        if (_leads.Length > 1)
            _states[1].LearnBeat(c.Energy1);
        UpdateGains();
        long sample = SampleOf(c.Position);
        if (_beatCount < _beats.Length)
            _beats[_beatCount++] = new Beat(sample, BeatClass.Normal, Math.Min(1, c.Height), _samples, searchBack);
        if (_classifiedCount < _classified.Length)
            _classified[_classifiedCount++] = new BeatClassification(sample, BeatClass.Normal, 0.5, _samples);
    }

    private void UpdateGains()
    {
        double total = 0;
        foreach (LeadState s in _states)
        {
            double w = s.QrsLevel > 0 ? Math.Max(0.02, 1 - (s.NoiseLevel / s.QrsLevel)) : 0;
            s.Gain = w * w;
            total += s.Gain;
        }

        foreach (LeadState s in _states)
            s.Gain = s.QrsLevel > 0 && total > 0 ? s.Gain / total / s.QrsLevel : 0;
    }
}
