namespace PhysioActors.Processing.Signals.Ecg;

// From candidates to beats.
public sealed partial class BeatDetector
{
    private const int DecisionLag = 60;
    private const int Refractory = 50;
    private const int MostPassed = 16;
    private const int ShortestSearchBack = 90;
    private const int LongestInterval = 2 * Rate;
    private const int UsualInterval = 200;
    private const double SearchBackAfter = 1.5;
    private const double SearchBackScore = -1.5;
    private const double SearchBackEnergy = 0.3;
    private const double SearchBackBefore = 0.7;
    private const int LowerAfter = 2 * Rate;
    private const double CarefulOverNoise = 3.5;
    private const double BoldOverNoise = 1.5;
    private const int CarefulLowerings = 16;
    private const int LowerEvery = Rate / 2;
    private const double LowerBy = 0.8;

    private const int LatestTWave = 105;
    private const double TWaveSlope = 0.45;

    private readonly BeatCandidate[] _passed = new BeatCandidate[MostPassed];
    private readonly RecentEight _intervals = new();
    private int _passedCount;
    private long _lastTick = None;
    private long _beforeLastTick = None;
    private readonly double[] _lastSlopes = new double[MaximumLeads];
    private double _lastHeight;
    private int _lowered;

    private double MeanInterval => _intervals.IsEmpty ? UsualInterval : _intervals.Median;

    private void Decide(long tick)
    {
        while (_pendingCount > 0 && tick - _pending[0].Tick >= DecisionLag && tick >= LearningTicks)
        {
            BeatCandidate candidate = _pending[0];
            _pendingCount--;
            Array.Copy(_pending, 1, _pending, 0, _pendingCount);
            Decide(ref candidate);
        }

        if (_lastTick == None)
            return;
        if (_passedCount > 0 && tick - _lastTick > (SearchBackAfter * MeanInterval) + DecisionLag)
            SearchBack();
        // Beats may have become smaller than those it knows.
        if (tick - _lastTick > LowerAfter + MeanInterval + (_lowered * LowerEvery))
        {
            _lowered++;
            foreach (LeadLevels levels in _levels)
                levels.Lower(LowerBy, _lowered <= CarefulLowerings ? CarefulOverNoise : BoldOverNoise);
        }
    }

    private void Decide(ref BeatCandidate candidate)
    {
        if (candidate.Tick - _lastTick < Refractory)
            return;
        Span<double> features = stackalloc double[BeatModel.CandidateFeatures];
        bool isShadowed = false;
        for (int i = 0; i < _pendingCount; i++)
        {
            if (_pending[i].Tick - candidate.Tick >= Refractory || _pending[i].Height <= candidate.Height)
                continue;
            Describe(_pending[i], features);
            isShadowed |= _model.ScoreCandidate(features) > 0;
        }

        Describe(candidate, features);
        candidate.Score = _model.ScoreCandidate(features);
        Evidence?.Candidate(SampleOf(candidate.Position), features);
        bool isTWave = IsTWave(candidate);
        if (candidate.Score > 0 && !isShadowed && !isTWave)
        {
            Accept(candidate, isSearchBack: false);
            return;
        }

        for (int i = 0; i < _leads.Length; i++)
        {
            if (candidate.Leads[i].Clarity > 0)
                _levels[i].LearnNoise(candidate.Leads[i]);
        }

        if (isShadowed || isTWave)
            return;
        if (_passedCount == MostPassed)
            Array.Copy(_passed, 1, _passed, 0, --_passedCount);
        _passed[_passedCount++] = candidate;
    }

    // Soon after a beat, much less steep than that beat and than the usual ones in every lead: the T wave, however high (after Hamilton and Tompkins 1986, who take 360 ms and one half).
    private bool IsTWave(in BeatCandidate candidate)
    {
        if (candidate.Tick - _lastTick > LatestTWave)
            return false;
        for (int i = 0; i < _leads.Length; i++)
        {
            ref readonly LeadEvidence evidence = ref candidate.Leads[i];
            if (evidence.Clarity > 0 && (evidence.Slope >= TWaveSlope * _lastSlopes[i] || evidence.RelativeSlope >= TWaveSlope))
                return false;
        }

        return true;
    }

    // Features of time and surroundings, then those of each lead, weighted by its clarity. Of two leads of which one is off the other counts double,
    // as the only lead does: so one set of weights holds for all.
    private void Describe(in BeatCandidate candidate, Span<double> features)
    {
        features.Clear();
        bool isFirst = _lastTick == None;
        double interval = isFirst ? 1 : (candidate.Tick - _lastTick) / MeanInterval;
        double seconds = isFirst ? 1 : (candidate.Tick - _lastTick) / (double)Rate;
        float later = 0;
        for (long t = candidate.Tick + 25; t < Math.Min(_tick, candidate.Tick + DecisionLag); t += 3)
            later = Math.Max(later, _combined[(int)t & CombinedMask]);
        features[0] = 1;
        features[1] = Cap(0.7 - interval, 0, 0.7);
        features[2] = Cap(interval - 1.2, 0, 1);
        features[3] = Cap(0.4 - seconds, 0, 0.4) * 2.5;
        features[4] = Cap((later / candidate.Height) - 1, 0, 4);
        features[16] = isFirst ? 0 : Cap(0.5 - seconds, 0, 0.5) * Cap((_lastHeight / candidate.Height) - 1, 0, 3);
        int live = 0;
        for (int i = 0; i < _leads.Length; i++)
            live += candidate.Leads[i].Clarity > 0 ? 1 : 0;
        for (int i = 0; i < _leads.Length; i++)
        {
            ref readonly LeadEvidence e = ref candidate.Leads[i];
            if (e.Clarity == 0)
                continue;
            double w = e.Clarity * MaximumLeads / live;
            features[5] += w;
            features[6] += w * Cap(e.RelativeEnergy, 0, 0.5);
            features[7] += w * Cap(e.RelativeEnergy - 0.5, 0, 0.5);
            features[8] += w * Cap(e.RelativeEnergy - 1, 0, 2);
            features[9] += w * Cap(e.RelativeSlope, 0, 1);
            features[10] += w * Cap(e.RelativeSize, 0, 1.2);
            features[11] += w * Cap(e.Correlation - 0.6, -0.6, 0);
            features[12] += w * Cap(e.Correlation - 0.6, 0, 0.4);
            features[13] += w * Cap(e.Before, 0, 1);
            features[14] += w * Cap(0.4 - seconds, 0, 0.4) * Cap(1 - e.RelativeSlope, 0, 1);
            features[15] += w * Cap(e.RelativeEnergy, 0, 1) * Cap(e.Correlation, 0, 1);
        }
    }

    private void SearchBack()
    {
        int best = -1;
        for (int i = 0; i < _passedCount; i++)
        {
            if (_passed[i].Tick - _lastTick >= ShortestSearchBack && StandsOut(_passed[i]) && (best < 0 || _passed[i].Score > _passed[best].Score))
                best = i;
        }

        if (best >= 0 && _passed[best].Score > SearchBackScore)
            Accept(_passed[best], isSearchBack: true);
        else
            _passedCount = 0;
    }

    // Without this the P waves of a heart whose ventricles stand still, or a baseline that wanders, would become beats.
    private bool StandsOut(in BeatCandidate candidate)
    {
        (double energy, double before, double weights) = (0, 0, 0);
        for (int i = 0; i < _leads.Length; i++)
        {
            ref readonly LeadEvidence evidence = ref candidate.Leads[i];
            energy += evidence.Clarity * evidence.RelativeEnergy;
            before += evidence.Clarity * evidence.Before;
            weights += evidence.Clarity;
        }

        return energy > SearchBackEnergy * weights && before < SearchBackBefore * weights;
    }

    private void Accept(BeatCandidate candidate, bool isSearchBack)
    {
        if (candidate.Tick - _lastTick < LongestInterval)
            _intervals.Add(candidate.Tick - _lastTick);
        (_beforeLastTick, _lastTick, _lastHeight, _lowered) = (_lastTick, candidate.Tick, candidate.Height, 0);
        int kept = 0;
        for (int i = 0; i < _passedCount; i++)
        {
            if (_passed[i].Tick > candidate.Tick)
                _passed[kept++] = _passed[i];
        }

        _passedCount = kept;
        for (int i = 0; i < _leads.Length; i++)
        {
            _lastSlopes[i] = candidate.Leads[i].Slope;
            if (candidate.Leads[i].Clarity > 0)
                _levels[i].LearnBeat(candidate.Leads[i]);
        }

        BeatClass class_ = Judge(candidate);
        if (_beatCount < MostFound)
            _beats[_beatCount++] = new Beat(SampleOf(candidate.Position), class_, Confidence(candidate.Score), _samples, isSearchBack);
    }

    // A rational stand-in for the logistic function: even odds are 0.5.
    private static double Confidence(double score) => 0.5 * (1 + (score / (1 + Math.Abs(score))));

    private static double Cap(double value, double least, double greatest) => value < least ? least : value > greatest ? greatest : value;
}
