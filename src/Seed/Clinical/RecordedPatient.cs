using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Seed.Clinical;

/// <summary>Plays a WFDB record sample by sample through the detectors and the rhythm monitor that a patient actor uses.</summary>
internal sealed class RecordedPatient
{
    private readonly WfdbRecord _record;
    private readonly int[] _leads;
    private readonly int[] _pulses;
    private readonly float[] _millivolts;
    private readonly BeatDetector _beats;
    private readonly PulseDetector[] _waves;
    private readonly double _rate;
    private int _at;

    /// <summary>Begins at the record's start.</summary>
    public RecordedPatient(WfdbRecord record, RhythmLimits limits)
    {
        _record = record;
        _rate = record.Header.SamplingHz;
        List<int> leads = [], pulses = [];
        for (int i = 0; i < record.Header.Signals.Count; i++)
        {
            WfdbSignal signal = record.Header.Signals[i];
            if (KindOf(signal) is not null)
                pulses.Add(i);
            else if (signal.Units == "mV")
                leads.Add(i);
        }

        if (leads.Count == 0)
            throw new CommandFailedException($"{record.Header.Path}: none of its signals is an ECG (in mV).");
        (_leads, _pulses) = ([.. leads], [.. pulses]);
        _millivolts = new float[_leads.Length];
        _beats = new BeatDetector(_leads.Length, _rate);
        _waves = [.. _pulses.Select(signal => new PulseDetector(KindOf(record.Header.Signals[signal])!.Value, _rate))];
        Monitor = new RhythmMonitor(limits, _rate, _leads.Length);
    }

    /// <summary>The monitor.</summary>
    public RhythmMonitor Monitor { get; }

    /// <summary>Plays on up to a whole second, or to the record's end.</summary>
    /// <returns>False when the record has ended.</returns>
    public bool PlayTo(int second, List<RhythmChange> changes)
    {
        int end = (int)Math.Min(_record.Length, Math.Ceiling(second * _rate));
        for (; _at < end; _at++)
            Play();
        Monitor.Advance(1000L * second, changes);
        return _at < _record.Length;
    }

    private void Play()
    {
        for (int i = 0; i < _leads.Length; i++)
            _millivolts[i] = _record.Value(_leads[i], _at);
        long now = TimeOf(_at);
        Monitor.Ecg(now, _millivolts);
        if (_beats.Push(_millivolts))
        {
            foreach (Beat beat in _beats.Beats)
                Monitor.Beat(TimeOf(beat.Sample), now, beat.Class, beat.Confidence, beat.IsSearchBack);
            foreach (BeatClassification classified in _beats.Classifications)
                Monitor.Classify(TimeOf(classified.Sample), now, classified.Class);
        }

        for (int i = 0; i < _waves.Length; i++)
        {
            if (_waves[i].Push(_record.Value(_pulses[i], _at), out PulseBeat wave))
                Monitor.Pulse(_waves[i].Kind, TimeOf(wave.Sample), now, wave);
        }
    }

    private long TimeOf(long sample) => (long)(sample * 1000 / _rate);

    private static PulseKind? KindOf(WfdbSignal signal) => signal.Description switch
    {
        "PLETH" => PulseKind.Plethysmogram,
        "ABP" or "ART" => PulseKind.ArterialPressure,
        _ => null,
    };
}
