using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>
/// What a reader of the anomaly topic can demand of silences: while <c>no-data</c> is open nothing says that a patient's condition began, lasts or grew worse, but for what a bed that is measured now and then has last told, while that holds; half a minute later what came all the time has ended or latched as unknown;
/// and the limits of a bed that is measured now and then have not.
/// </summary>
internal sealed class SilenceCheck
{
    private const int LostMs = 30_000;
    private const int HoldsMs = 3_600_000;

    private sealed class Patient
    {
        internal Dictionary<string, AnomalyMessage> Open { get; } = [];

        /// <summary>When the silence began that lasts, by the log; null for none.</summary>
        internal long? SilentMs { get; set; }

        /// <summary>What of it was open when the silence began, and has neither ended nor latched since.</summary>
        internal HashSet<string> Known { get; } = [];
    }

    /// <summary>What is wrong, first found; null for nothing.</summary>
    internal string? Complaint { get; private set; }

    /// <summary>Silences that lasted for longer than alarms may be unknown.</summary>
    internal int Silences { get; private set; }

    /// <summary>Alarms that ended or latched as unknown.</summary>
    internal int Ended { get; private set; }

    /// <summary>Limit alarms of spot checks that outlived a silence.</summary>
    internal int Kept { get; private set; }

    /// <summary>Looks through what was told, in order.</summary>
    internal static SilenceCheck Of(IEnumerable<AnomalyMessage> messages)
    {
        var check = new SilenceCheck();
        foreach (IGrouping<string, AnomalyMessage> told in messages.GroupBy(message => message.Patient))
        {
            var patient = new Patient();
            foreach (AnomalyMessage message in told)
                check.Take(patient, message, isSpotChecked: told.Key == WardWeekFeed.SpotChecked);
        }

        return check;
    }

    private void Take(Patient patient, AnomalyMessage message, bool isSpotChecked)
    {
        switch (message.Kind)
        {
            case AnomalyKind.NoData when message.State == AnomalyState.Raised:
                patient.SilentMs = message.DetectedAtMs;
                patient.Known.Clear();
                patient.Known.UnionWith(patient.Open.Values.Where(open => !open.IsLatched && open.Kind is AnomalyKind.Rule or AnomalyKind.Rhythm or AnomalyKind.Model).Select(open => open.AnomalyId));
                return;
            case AnomalyKind.NoData when message.State == AnomalyState.Cleared:
                EndSilence(patient, message, isSpotChecked);
                return;
            case AnomalyKind.NoData or AnomalyKind.Technical or AnomalyKind.Pause:
                return;
            default:
                break;
        }

        // A value that was measured once lasts for as long as it holds, into the silence.
        bool holds = message.Kind == AnomalyKind.Rule && isSpotChecked && message.DetectedAtMs <= patient.SilentMs + HoldsMs && (message.Change is AnomalyChange.Reminder or AnomalyChange.Escalated);
        if (patient.SilentMs is not null && !holds && (message.State == AnomalyState.Raised || message.Change is AnomalyChange.Reminder or AnomalyChange.Escalated or AnomalyChange.Severity or AnomalyChange.Returned))
            Complaint ??= $"{message.EventId} ({message.Rule} {message.State} {message.Change}) tells something in a silence.";
        bool isUnknown = message.Reason == AnomalyReason.Unknown;
        if (isUnknown && patient.SilentMs is { } silentMs && !(message.Kind == AnomalyKind.Rule && isSpotChecked))
        {
            Ended++;
            patient.Known.Remove(message.AnomalyId);
            if (message.DetectedAtMs > silentMs + LostMs)
                Complaint ??= $"{message.EventId} ({message.Rule}) is unknown later than {LostMs} ms after the silence began.";
        }

        if (message.State == AnomalyState.Cleared)
            patient.Open.Remove(message.AnomalyId);
        else
            patient.Open[message.AnomalyId] = message;
    }

    private void EndSilence(Patient patient, AnomalyMessage message, bool isSpotChecked)
    {
        if (message.DetectedAtMs > patient.SilentMs + LostMs)
        {
            Silences++;
            foreach (string open in patient.Known)
            {
                if (isSpotChecked && patient.Open.TryGetValue(open, out AnomalyMessage? kept) && kept.Kind == AnomalyKind.Rule)
                    Kept++;
                else
                    Complaint ??= $"{open} was neither ended nor latched before the silence ended with {message.EventId}.";
            }
        }

        patient.SilentMs = null;
    }
}
