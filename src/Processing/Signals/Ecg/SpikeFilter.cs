namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>
/// Takes pacemaker spikes out of a lead: what stands out for one or two samples, by more than 0.3 mV for each millisecond of a sample (at least 0.5 mV), becomes a straight line.
/// No heart is so fast: the flanks of a QRS complex of 3 mV within 40 ms have half that slope. Two samples late.
/// </summary>
/// <param name="samplingHz">Samples in a second.</param>
internal sealed class SpikeFilter(double samplingHz)
{
    /// <summary>Samples that it is late.</summary>
    public const int Delay = 2;

    private const float SteepestByMs = 0.3f;
    private const float LeastMillivolts = 0.5f;

    private readonly float _limit = Math.Max(LeastMillivolts, SteepestByMs * (float)(1000 / samplingHz));
    private float _before;
    private float _at;
    private float _next;

    /// <summary>Starts as if the lead had always stood at a value.</summary>
    public void Settle(float x) => _before = _at = _next = x;

    /// <summary>Takes a sample in millivolts.</summary>
    /// <returns>The filtered value of the sample two before.</returns>
    public float Push(float x)
    {
        float height = _at - _before;
        if (Math.Abs(height) > _limit)
        {
            if (IsOver(height, _at - _next, _next - _before))
                _at = _before + ((_next - _before) / 2);
            else if (IsOver(height, _next - x, x - _before))
                _at = _before + ((x - _before) / 3);
        }

        float filtered = _at;
        (_before, _at, _next) = (_at, _next, x);
        return filtered;
    }

    /// <summary>Writes or reads everything.</summary>
    public void Transfer(ref StateCodec codec)
    {
        codec.Number(ref _before);
        codec.Number(ref _at);
        codec.Number(ref _next);
    }

    private bool IsOver(float height, float fall, float rest) =>
        Math.Abs(fall) > _limit && (fall > 0) == (height > 0) && 2 * Math.Abs(rest) < Math.Abs(height);
}
