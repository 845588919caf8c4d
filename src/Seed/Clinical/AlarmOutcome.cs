using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Seed.Clinical;

/// <summary>What the monitor said of a recorded alarm.</summary>
/// <param name="Record">The alarm.</param>
/// <param name="IsCalledTrue">Whether the same condition was there, by our own monitor, in a second of the window before the alarm.</param>
/// <param name="Veto">What suppressed it there, when it was not called true.</param>
internal sealed record AlarmOutcome(AlarmRecord Record, bool IsCalledTrue, Veto Veto)
{
    /// <summary>
    /// The event lies within the 10 s before the alarm (Clifford 2015). A condition that was there at any second from 16 s before on counts: it is decided up to a few seconds
    /// behind its beginning, and holds while it lasts.
    /// </summary>
    public const int WindowSeconds = 16;

    /// <summary>TP, TN, FP or FN.</summary>
    public string Verdict => (Record.IsTrue, IsCalledTrue) switch { (true, true) => "TP", (true, false) => "FN", (false, true) => "FP", _ => "TN" };

    /// <summary>Plays a recording up to its alarm, and no sample further.</summary>
    public static AlarmOutcome Of(AlarmRecord record, RhythmLimits limits)
    {
        var patient = new RecordedPatient(WfdbRecord.Read(record.Path), limits);
        var changes = new List<RhythmChange>();
        bool isThere = false;
        Veto veto = Veto.None;
        int alarm = (int)record.AlarmSeconds;
        for (int second = 1; second <= alarm; second++)
        {
            changes.Clear();
            bool goesOn = patient.PlayTo(second, changes);
            if (second > alarm - WindowSeconds)
            {
                isThere |= patient.Monitor.IsPresent(record.Condition);
                foreach (RhythmChange change in changes)
                {
                    if (change.Condition == record.Condition && change.Kind == RhythmChangeKind.Suppressed)
                        veto = change.Veto;
                }
            }

            if (!goesOn && second < alarm)
                throw new CommandFailedException($"{record.Path}: it ends after {second} s, before its alarm at {alarm} s.");
        }

        return new AlarmOutcome(record, isThere, isThere ? Veto.None : veto);
    }
}
