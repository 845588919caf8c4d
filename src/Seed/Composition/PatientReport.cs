using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Processing.Signals;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Options;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Composition;

/// <summary>A patient as the journal has it: the state folded from snapshot and entries, and the newest events.</summary>
internal sealed record PatientReport
{
    public required string Patient { get; init; }

    public required int Slot { get; init; }

    public required bool InMemory { get; init; }

    public required long Sequence { get; init; }

    public required long SnapshotSequence { get; init; }

    public required string? Encounter { get; init; }

    public required string Configuration { get; init; }

    public required string? Model { get; init; }

    /// <summary>When the report was made.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Event time of the newest observation: what is shown is as of then.</summary>
    public required DateTimeOffset? NewestEventTime { get; init; }

    /// <summary>Seconds from the arrival of the newest value, or ECG, that counted to <see cref="ReadAt"/>, by the log's time: how long ago 'as of the newest observation' is. Of a recording that is sent now it is short, however old its times are.</summary>
    public required double? NewestAgeSeconds { get; init; }

    /// <summary>The log's time at which the last message of a device arrived, also one that came too late to count.</summary>
    public required DateTimeOffset? LastArrival { get; init; }

    /// <summary>Seconds from then to <see cref="ReadAt"/>: how long nothing has come.</summary>
    public required double? SilentSeconds { get; init; }

    public required double? Score { get; init; }

    public required double? Threshold { get; init; }

    public required IReadOnlyList<DeviceReport> Devices { get; init; }

    public required IReadOnlyList<SignalReport> Signals { get; init; }

    public required IReadOnlyList<OpenAnomalyReport> Open { get; init; }

    public required IReadOnlyList<PauseReport> Pauses { get; init; }

    /// <summary>What clinicians told by commands; null when nothing was told.</summary>
    public required OrdersReport? Orders { get; init; }

    /// <summary>How many alarms there were since the patient was first seen, and how many were kept back.</summary>
    public required AlarmCounters Alarms { get; init; }

    public required ScoresReport Scores { get; init; }

    public required EcgReport? Ecg { get; init; }

    /// <summary>All waveform signals, also those that nothing looks at.</summary>
    public required IReadOnlyList<WaveformReport> Waveforms { get; init; }

    public required IReadOnlyList<PulseReport> Pulse { get; init; }

    /// <summary>Body weight; null before the first weighing.</summary>
    public required PatientWeightReport? Weight { get; init; }

    public required IReadOnlyList<EventReport> Events { get; init; }

    /// <summary>Reads a patient.</summary>
    /// <param name="options">The options, PostgreSQL named.</param>
    /// <param name="patient">The canonical key.</param>
    /// <param name="newest">Most journal entries whose events are shown.</param>
    /// <param name="time">The clock by which ages are as of now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the patient was never seen.</returns>
    public static async Task<PatientReport?> ReadAsync(PhysioOptions options, string patient, int newest, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var journal = new PostgresJournalAdministration(options.Postgres, options.Topics.Schema);
        JournaledPatient? found = await journal.ReadPatientAsync(patient, Math.Max(1, newest), cancellationToken).ConfigureAwait(false);
        if (found is null)
            return null;
        // How many entries lie behind the snapshot is known only now.
        long behind = found.Entries.Count == 0 ? 0 : found.Entries[^1].Entry.Sequence - found.SnapshotSequence;
        if (behind > found.Entries.Count)
            found = await journal.ReadPatientAsync(patient, checked((int)behind), cancellationToken).ConfigureAwait(false) ?? found;
        return Of(found, Fold(patient, found), newest, time.GetUtcNow());
    }

    private static PatientState Fold(string patient, JournaledPatient found)
    {
        long folded = found.SnapshotSequence;
        try
        {
            PatientState state = found.SnapshotSequence > 0 ? PatientState.Decode(patient, found.Snapshot.Span) : new PatientState(patient);
            foreach (JournaledEntry entry in found.Entries.Where(entry => entry.Entry.Sequence > found.SnapshotSequence))
            {
                state.Apply(entry.Entry.Sequence, entry.Entry.Payload.Span, entry.Entry.Samples.Span);
                folded = entry.Entry.Sequence;
            }

            return state;
        }
        catch (InvalidDataException exception)
        {
            throw new CommandFailedException(
                $"The state of {patient} cannot be rebuilt behind entry {folded} of its journal: {exception.Message}",
                "Nodes give its messages up as dead letters until the journal is whole again: restore what is missing from a backup, and start the node that serves it anew.");
        }
    }

    /// <summary>Makes the report of a state.</summary>
    /// <param name="found">What the journal has.</param>
    /// <param name="state">The fold of it.</param>
    /// <param name="newest">Most journal entries whose events are shown.</param>
    /// <param name="now">The time from which ages are reckoned.</param>
    internal static PatientReport Of(JournaledPatient found, PatientState state, int newest, DateTimeOffset now) => Of(found, state, newest, now, ReportAges.Of(state, now));

    private static PatientReport Of(JournaledPatient found, PatientState state, int newest, DateTimeOffset now, ReportAges ages) => new()
    {
        Patient = state.Patient,
        Slot = found.Slot,
        InMemory = found.Active,
        Sequence = state.Sequence,
        SnapshotSequence = found.SnapshotSequence,
        Encounter = state.Encounter.Length == 0 ? null : state.Encounter,
        Configuration = state.Configuration,
        Model = state.Model.Length == 0 ? null : state.Model,
        ReadAt = now,
        NewestEventTime = Time(state.NewestMs),
        NewestAgeSeconds = ages.Since(ages.ArrivedMs),
        LastArrival = Time(state.LogMs),
        SilentSeconds = ages.Since(state.LogMs),
        Score = state.ScoredMs == long.MinValue ? null : state.Score,
        Threshold = state.ScoredMs == long.MinValue ? null : state.Threshold,
        Devices = [.. state.Devices.Select(device => new DeviceReport(device.Name, device.Session.Length == 0 ? null : device.Session, Time(device.NewestMs), Time(device.NewestLogMs), ages.Since(device.NewestLogMs), device.Held is not null))],
        Signals = [.. Enumerable.Range(1, SignalCodes.Count - 1).Select(code => SignalReport.Of(state, (SignalCode)code, ages)).OfType<SignalReport>()],
        Open = [.. state.Alarms.List().Select(alarm => OpenAnomalyReport.Of(state, alarm))],
        Alarms = state.Alarms.Counters,
        Pauses = [.. Enum.GetValues<PauseKind>().Select(state.Alarms.Pause).OfType<AlarmPauseState>().Select(PauseReport.Of)],
        Orders = OrdersReport.Of(state.Orders),
        Scores = ScoresReport.Of(state, ages),
        Ecg = EcgReport.Of(state),
        Waveforms = WaveformReport.Of(state),
        Pulse = PulseReport.Of(state),
        Weight = PatientWeightReport.Of(state),
        Events = [.. found.Entries.TakeLast(newest).SelectMany(entry => EntryReader.Read(entry.Entry.Payload.Span).Select(decided => EventReport.Of(entry.Entry.Sequence, decided)))],
    };

    private static DateTimeOffset? Time(long milliseconds) => milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}

/// <summary>A device of a patient.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Session">Its session; null when it names none.</param>
/// <param name="NewestEventTime">Event time of its newest observation, by its own clock.</param>
/// <param name="LastArrival">The log's time at which its last message arrived.</param>
/// <param name="SilentSeconds">Seconds from then to the report.</param>
/// <param name="HoldsObservation">True while an observation of it waits for another to agree.</param>
internal sealed record DeviceReport(string Name, string? Session, DateTimeOffset? NewestEventTime, DateTimeOffset? LastArrival, double? SilentSeconds, bool HoldsObservation);

/// <summary>The filter and the windows of a signal.</summary>
/// <param name="Code">The signal.</param>
/// <param name="Unit">Its unit, UCUM.</param>
/// <param name="Level">The filtered value.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Time">Event time of the newest value, by the clock of who told it.</param>
/// <param name="AgeNowSeconds">How long ago, by the log's time, its newest value arrived; null when that is not known.</param>
/// <param name="Windows">Figures over windows of event time that end with the newest value.</param>
internal sealed record SignalReport(string Code, string Unit, double Level, double StandardError, DateTimeOffset Time, double? AgeNowSeconds, IReadOnlyDictionary<string, WindowReport> Windows)
{
    /// <summary>Null for a signal that was never seen.</summary>
    public static SignalReport? Of(PatientState state, SignalCode code, in ReportAges ages)
    {
        LocalLevelFilter filter = state.Filter(code);
        if (!filter.IsInitialised)
            return null;
        var windows = new Dictionary<string, WindowReport>();
        if (state.Windows[(int)code] is { } sliding)
        {
            foreach (WindowSpan span in Enum.GetValues<WindowSpan>())
                windows[$"{SlidingWindows.LengthMs(span) / 1000}s"] = WindowReport.Of(sliding, span, code);
        }

        return new(AnomalyText.Name(code), SignalCodes.Get(code).Ucum, filter.Level, Math.Sqrt(filter.Variance), DateTimeOffset.FromUnixTimeMilliseconds(filter.TimeMs), ages.Since(state.ToldLogMs(code)), windows);
    }
}

/// <summary>The statistics of a window; null where there are too few samples for one.</summary>
internal sealed record WindowReport(int Count, double? Mean, double? StandardDeviation, double? Minimum, double? Maximum, double? SlopePerMinute, double MissingShare)
{
    /// <summary>Reads a window.</summary>
    public static WindowReport Of(SlidingWindows windows, WindowSpan span, SignalCode code)
    {
        windows.Read(span, code, out WindowStatistics statistics);
        return new(
            statistics.Count, Finite(statistics.Mean), Finite(statistics.StandardDeviation), Finite(statistics.Minimum), Finite(statistics.Maximum), Finite(statistics.SlopePerMinute), statistics.MissingShare);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>An anomaly that is open. By its id a command acknowledges it. <paramref name="Unknown"/> says that nobody knows whether its condition lasts: what told of it came no more, or nobody has measured it again. Of a latched one, that this was so when it latched.</summary>
internal sealed record OpenAnomalyReport(
    string AnomalyId, string Kind, string? Rule, string Severity, DateTimeOffset Since, int Revision, bool Acknowledged, bool Latched, bool Unknown, string Sound, double? Threshold, string? LimitOrigin)
{
    /// <summary>From the state.</summary>
    public static OpenAnomalyReport Of(PatientState state, AlarmState open)
    {
        AnomalyKind kind = AlarmMessages.KindOf(AlarmConditions.Get(open.Condition));
        return new(
            open.Origin.Id(state.Patient), AnomalyJson.Text(kind), kind is AnomalyKind.Model or AnomalyKind.NoData ? null : AlarmConditions.Get(open.Condition).Name, AnomalyJson.Text(open.Priority),
            DateTimeOffset.FromUnixTimeMilliseconds(open.BeganMs), open.Revision, open.IsAcknowledged, open.Phase == AlarmPhase.Latched, open.Phase == AlarmPhase.Suspended || open is { Phase: AlarmPhase.Latched, Presence: Presence.Unknown }, AnomalyJson.Text(state.Alarms.SoundOf(open)),
            double.IsFinite(open.Limit) ? open.Limit : null, open.Basis.Origin == Shared.Anomalies.LimitOrigin.None ? null : AnomalyJson.Text(open.Basis.Origin));
    }
}

/// <summary>A pause of a patient's alarms.</summary>
internal sealed record PauseReport(string What, DateTimeOffset Until, string By)
{
    /// <summary>From the state.</summary>
    public static PauseReport Of(AlarmPauseState pause) => new(pause.Kind == PauseKind.Audio ? "audio" : "alarms", DateTimeOffset.FromUnixTimeMilliseconds(pause.UntilMs), pause.By);
}

/// <summary>What the ECG shows now.</summary>
/// <param name="HeartRate">Beats a minute, as monitors average them; null when there is none.</param>
/// <param name="Leads">The leads that are looked at, the first of which says where a beat is.</param>
/// <param name="Time">Event time up to which it was looked at.</param>
internal sealed record EcgReport(double? HeartRate, IReadOnlyList<LeadReport> Leads, DateTimeOffset Time)
{
    /// <summary>Null when no ECG has come.</summary>
    public static EcgReport? Of(PatientState state) => state.Waveforms is { Leads: > 0 } waveforms
        ? new(
            waveforms.HeartRate,
            [.. Enumerable.Range(0, waveforms.Leads).Select(lead => new LeadReport(WaveformSignals.Get(waveforms.LeadSignal(lead)).Name, waveforms.LeadQuality(lead).ToString().ToLowerInvariant()))],
            DateTimeOffset.FromUnixTimeMilliseconds(waveforms.DoneMs))
        : null;
}

/// <summary>A lead of the ECG: which, and <c>good</c>, <c>noisy</c>, <c>flat</c>, <c>saturated</c> or <c>implausible</c>.</summary>
internal sealed record LeadReport(string Signal, string Quality);

/// <summary>The newest wave of a pulse signal.</summary>
/// <param name="Signal"><c>pleth</c> or <c>abp</c>.</param>
/// <param name="Quality">0 (noise) to 1 (a clean wave).</param>
/// <param name="Systolic">mmHg; of an arterial pressure alone.</param>
/// <param name="Diastolic">mmHg; of an arterial pressure alone.</param>
/// <param name="Mean">mmHg; of an arterial pressure alone.</param>
internal sealed record PulseReport(string Signal, double Quality, double? Systolic, double? Diastolic, double? Mean)
{
    /// <summary>Those of a patient; none where no pulse signal has come.</summary>
    public static IReadOnlyList<PulseReport> Of(PatientState state) =>
        [.. from kind in Enum.GetValues<PulseKind>()
            let wave = state.Waveforms?.NewestPulse(kind)
            where wave is not null
            let found = wave.Value
            select kind == PulseKind.ArterialPressure ? new PulseReport("abp", found.Quality, found.Systolic, found.Diastolic, found.Mean) : new PulseReport("pleth", found.Quality, null, null, null)];
}
