using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>
/// Devices whose clocks differ. Event times are kept as the devices tell them. The patient's time is that of the device whose clock is fastest, as long as it sends; each signal follows the device that tells it.
/// All of it since logic 3.
/// </content>
public sealed partial class PatientState
{
    /// <summary>A device, or who tells a signal, is silent after so long in log time, milliseconds ...</summary>
    internal const int SilentAfterMs = 20_000;

    /// <summary>... and after so many of its intervals.</summary>
    internal const int SilentIntervals = 3;

    /// <summary>An ECG, or a regular signal, is lost after so long in log time, milliseconds ...</summary>
    internal const int LostAfterMs = 30_000;

    /// <summary>... and after so many of its intervals ...</summary>
    internal const int LostIntervals = 5;

    /// <summary>... and only when other things came so long after it: when all stops together, silence is told.</summary>
    internal const int StillThereMs = 10_000;
    private const int StillThereIntervals = 2;

    // What comes more seldom is measured now and then.
    internal const int LongestAwaitedMs = 60_000;

    private readonly SignalSource[] _sources = new SignalSource[SignalCodes.Count];
    private long _pausedLogMs;
    private long _resumedLogMs;

    /// <summary>What is to be added to the times of the ECG that is looked at to have the patient's time.</summary>
    internal long EcgShiftMs { get; private set; }

    /// <summary>
    /// The log time from which something that came last at a log time is missed: what was there until everything stopped, for as long as makes a signal lost, is waited for anew since things come again.
    /// </summary>
    /// <param name="logMs">When it came last.</param>
    /// <param name="intervalMs">The interval at which it comes; 0 when none is known.</param>
    internal long MissedFromMs(long logMs, int intervalMs) =>
        logMs >= _pausedLogMs - Math.Max(StillThereMs, (long)StillThereIntervals * intervalMs) ? Math.Max(logMs, _resumedLogMs) : logMs;

    /// <summary>Who tells a signal.</summary>
    internal ref readonly SignalSource Source(SignalCode code) => ref _sources[(int)code];

    /// <summary>The patient's time of a signal's newest accepted value; <see cref="long.MinValue"/> when there is none.</summary>
    /// <param name="code">The signal.</param>
    public long ToldMs(SignalCode code)
    {
        if (_windows[(int)code] is not { SampleCount: > 0 } windows)
            return long.MinValue;
        ref readonly SignalSource source = ref _sources[(int)code];
        return windows.NewestMs + (source.LogMs != 0 && source.Device < _devices.Count ? _devices[source.Device].ShiftMs : 0);
    }

    /// <summary>The log time at which a signal was last told; 0 when it was not, or by no logic before 3.</summary>
    /// <param name="code">The signal.</param>
    public long ToldLogMs(SignalCode code) => _sources[(int)code].LogMs;

    /// <summary>What to do with a usable reading of a device that does not contradict itself: its outcome where it isn't put to the filter, else null.</summary>
    internal ReadingOutcome? OutcomeByDevice(ObservationFacts facts, DeviceState device, in Reading reading)
    {
        ref readonly SignalSource source = ref _sources[(int)reading.Code];
        if (source.LogMs == 0 || source.Device == facts.Device || Math.Abs(reading.TimeMs - source.NewestMs) <= ReorderToleranceMs)
            return null;
        long silentMs = Math.Max(SilentAfterMs, (long)SilentIntervals * source.IntervalMs);
        bool isSilent = facts.LogMs - source.LogMs > silentMs;
        if (reading.TimeMs < source.NewestMs)
            return isSilent && device.ShiftMs > 0 ? ReadingOutcome.TookOver : ReadingOutcome.OtherDevice;
        if (isSilent || source.Device >= _devices.Count || (source.StandsBySinceMs != 0 && reading.TimeMs - source.StandsBySinceMs > silentMs))
            return null;
        DeviceState teller = _devices[source.Device];
        return reading.TimeMs <= teller.NewestMs + (facts.LogMs - teller.NewestLogMs) + ReorderToleranceMs ? null : ReadingOutcome.OtherDevice;
    }

    /// <summary>The log time from which a regular signal counts as lost, of the one that is lost first; null when none is on the way to be.</summary>
    internal long? SignalLostMs(out SignalCode lost)
    {
        long? first = null;
        lost = SignalCode.None;
        for (int code = 1; code < _sources.Length; code++)
        {
            ref readonly SignalSource source = ref _sources[code];
            if (!source.IsAwaited || LogMs - source.LogMs < StillThereMs)
                continue;
            long fromMs = MissedFromMs(source.LogMs, source.IntervalMs);
            long dueMs = fromMs + Math.Max(LostAfterMs, (long)LostIntervals * source.IntervalMs);
            if (LogMs - fromMs < Math.Max(StillThereMs, (long)StillThereIntervals * source.IntervalMs) || dueMs >= first || IsLossTold((SignalCode)code, source))
                continue;
            (first, lost) = (dueMs, (SignalCode)code);
        }

        return first;
    }

    /// <summary>True when something else says that the signal is not there: its sensor is off, or an ECG, which gives a heart rate itself, was there at least as long.</summary>
    private bool IsLossTold(SignalCode code, in SignalSource source) =>
        (code == SignalCode.HeartRate && EcgLogMs != 0 && EcgLogMs >= source.LogMs - StillThereMs)
        || Alarms.Find(AlarmConditions.SensorOff(code)) is not null
        || Alarms.Find(AlarmConditions.SignalLost(code)) is not null;

    /// <summary>Notes an alarm's event: a loss is told once, until the signal has come again.</summary>
    internal void Note(in AlarmEvent decided)
    {
        if (decided.Kind == AlarmEventKind.Began && decided.Condition > ConditionId.SignalLost)
            _sources[decided.Condition - ConditionId.SignalLost].IsAwaited = false;
    }

    /// <summary>Notes that a signal was told.</summary>
    private void Tell(in Reading reading, ObservationFacts facts, bool tookOver, int intervalMs, bool isRegular)
    {
        ref SignalSource source = ref _sources[(int)reading.Code];
        source.Device = (byte)facts.Device;
        source.NewestMs = tookOver ? reading.TimeMs : Math.Max(source.NewestMs, reading.TimeMs);
        source.LogMs = facts.LogMs;
        source.StandsBySinceMs = 0;
        source.IntervalMs = intervalMs;
        source.IsAwaited = isRegular && intervalMs <= LongestAwaitedMs && AlarmConditions.CanBeLost(reading.Code);
    }

    /// <summary>Notes a reading that was left out since another device tells the signal.</summary>
    private void StandBy(DeviceState device, in Reading reading)
    {
        device.Observe(reading.Code, reading.TimeMs, out _);
        ref SignalSource source = ref _sources[(int)reading.Code];
        if (reading.TimeMs > source.NewestMs && (source.StandsBySinceMs == 0 || reading.TimeMs < source.StandsBySinceMs))
            source.StandsBySinceMs = reading.TimeMs;
    }

    /// <summary>Notes the time of a folded observation: its device's, and the patient's where the clock of the fastest device counts no longer.</summary>
    private void FollowClock(DeviceState device, ObservationFacts facts)
    {
        if (NewestMs == long.MinValue || facts.TimeMs >= NewestMs - ReorderToleranceMs)
        {
            device.ShiftMs = 0;
            device.Advance(facts.TimeMs);
            return;
        }

        // What is sent again comes in a burst, and is old. A clock that is slow goes on at its pace.
        bool wasSetBack = device.WasSetBack(facts.TimeMs, facts.LogMs);
        if (!wasSetBack && device.ShiftMs > 0 && facts.TimeMs <= device.NewestMs - ReorderToleranceMs)
        {
            // Late even for its own clock, which stays as slow as it was.
            device.AdvanceBehind(facts.TimeMs, facts.LogMs);
            return;
        }

        bool isSlow = wasSetBack || device.ShiftMs > 0;
        if (wasSetBack && facts.TimeMs < device.NewestMs - ReorderToleranceMs)
            SetBack(device, facts);
        device.AdvanceBehind(facts.TimeMs, facts.LogMs);
        if (isSlow && !IsLed(device, facts.TimeMs))
            StepBack(device, facts.TimeMs);
        device.ShiftMs = isSlow ? NewestMs - device.NewestMs : 0;
    }

    /// <summary>True while another device whose clock is faster still sends.</summary>
    internal bool IsLed(DeviceState device, long timeMs)
    {
        foreach (DeviceState other in _devices)
        {
            if (other != device && other.NewestMs > timeMs + ReorderToleranceMs && LogMs - other.NewestLogMs <= Math.Max(SilentAfterMs, (long)SilentIntervals * other.CadenceMs))
                return true;
        }

        return false;
    }

    /// <summary>The device's clock was set back: what it told gets the age that it has in log time.</summary>
    private void SetBack(DeviceState device, ObservationFacts facts)
    {
        for (int code = 1; code < _sources.Length; code++)
        {
            if (_sources[code].LogMs != 0 && _sources[code].Device == facts.Device)
                Move(code, facts.TimeMs, _sources[code].Device);
        }

        device.SetBack(facts.TimeMs);
    }

    /// <summary>The patient's time goes back to that of a slower device, as the faster ones are silent: what they told gets the age that it has in log time.</summary>
    private void StepBack(DeviceState device, long timeMs)
    {
        for (int code = 1; code < _sources.Length; code++)
        {
            if (_sources[code].LogMs != 0 && _sources[code].NewestMs > timeMs + ReorderToleranceMs)
                Move(code, timeMs, SignalSource.NoDevice);
        }

        foreach (DeviceState other in _devices)
        {
            if (other != device)
                other.ShiftMs = Shift(other.NewestMs, other.NewestLogMs, other.ShiftMs);
        }

        EcgShiftMs = Shift(EcgMs, EcgLogMs, EcgShiftMs);
        NewestMs = timeMs;
        ReadMs = Math.Min(ReadMs, timeMs);
        if (ScoredMs > timeMs)
            ScoredMs = long.MinValue;

        // What a faster clock told lies as far back as it does in log time; a slow clock is as slow as it is against the new time.
        long Shift(long toldMs, long toldLogMs, long shiftMs)
        {
            long agedMs = timeMs - (LogMs - toldLogMs) - toldMs;
            return toldMs > timeMs + ReorderToleranceMs ? agedMs : shiftMs > 0 ? Math.Max(0, agedMs) : shiftMs;
        }
    }

    /// <summary>A signal's filter begins anew, and of its windows the newest value stays, at its age before a time.</summary>
    private void Move(int code, long nowMs, byte device)
    {
        ref SignalSource source = ref _sources[code];
        long movedMs = Math.Max(0, nowMs - Math.Max(0, LogMs - source.LogMs));
        if (_windows[code] is { SampleCount: > 0 } windows)
        {
            var moved = new SlidingWindows();
            moved.Add(Math.Max(0, movedMs - (source.NewestMs - windows.NewestMs)), windows.NewestSteps, 0);
            _windows[code] = moved;
        }

        if (_filters[code] is { } filter)
            filter[0] = default;
        (source.NewestMs, source.Device, source.StandsBySinceMs) = (movedMs, device, 0);
    }

    /// <summary>Another device has the place of one that was forgotten.</summary>
    private void ForgetDevice(int place)
    {
        foreach (ref SignalSource source in _sources.AsSpan())
        {
            if (source.Device == place)
                source.Device = SignalSource.NoDevice;
        }
    }

    private void ForgetSources()
    {
        Array.Clear(_sources);
        (_pausedLogMs, _resumedLogMs, EcgShiftMs) = (0, 0, 0);
    }

    private void CorrectLogTimes(long logMs)
    {
        _pausedLogMs = Math.Min(_pausedLogMs, logMs);
        _resumedLogMs = Math.Min(_resumedLogMs, logMs);
        foreach (ref SignalSource source in _sources.AsSpan())
            source.LogMs = Math.Min(source.LogMs, logMs);
        foreach (DeviceState device in _devices)
            device.CorrectLogTime(logMs);
    }

    private bool HasSources
    {
        get
        {
            foreach (ref readonly SignalSource source in _sources.AsSpan())
            {
                if (source.LogMs != 0)
                    return true;
            }

            return _resumedLogMs != 0 || EcgShiftMs != 0;
        }
    }

    private void EncodeSources(PayloadWriter writer)
    {
        writer.Signed(_pausedLogMs);
        writer.Signed(_resumedLogMs);
        writer.Signed(EcgShiftMs);
        for (int code = 1; code < _sources.Length; code++)
        {
            if (_sources[code].LogMs == 0)
                continue;
            writer.Byte((byte)code);
            _sources[code].Encode(writer);
        }

        writer.Byte(0);
    }

    private void DecodeSources(ref PayloadReader reader)
    {
        (_pausedLogMs, _resumedLogMs, EcgShiftMs) = (reader.Signed(), reader.Signed(), reader.Signed());
        for (int code = reader.Byte(); code != 0; code = reader.Byte())
        {
            if (code >= SignalCodes.Count)
                throw new InvalidDataException($"The snapshot says who tells code {code}, which this program does not know.");
            _sources[code] = SignalSource.Decode(ref reader);
        }
    }
}
