using System.Diagnostics;
using System.Globalization;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>
/// Makes all chunks again, folds them on one thread without any runtime, and compares what the actor decides, and the samples, with what stands in the journal, byte for byte;
/// then the beats of all entries with those that the detector finds in the samples themselves.
/// </summary>
internal sealed class EcgJournalCheck
{
    private readonly PhysioOptions _options;
    private readonly EcgPlan _plan;
    private readonly long[] _due;
    private readonly PatientActor _actor;
    private readonly EcgFeed _feed;
    private readonly EcgReference _reference;
    private readonly int[] _places;
    private readonly ObservationDecoder _decoder = new();
    private readonly DecodedObservation _observation = new();
    private readonly PayloadWriter _snapshot = new(64 << 10);
    private readonly List<FoundBeat> _found = [];
    private readonly List<FoundBeat> _classified = [];
    private TimeSpan _folding;
    private TimeSpan _encoding;
    private TimeSpan _decoding;

    /// <param name="options">The options of the node that was measured.</param>
    /// <param name="folder">The folder that the model's path is relative to.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="due">When each record was due, microseconds; as many as were sent.</param>
    public EcgJournalCheck(PhysioOptions options, string folder, EcgPlan plan, long[] due)
    {
        (_options, _plan, _due) = (options, plan, due);
        EcgTracks tracks = plan.Tracks();
        _actor = new(ActorSettings.From(options), ModelFile.Load(options.Scoring.Model, folder));
        _feed = new(plan.Ward, tracks);
        _reference = new(plan.Ward, tracks);
        _places = plan.Ward.PartitionsOf(options.Partitions);
    }

    /// <summary>The beats that were found, by the record whose fold found them: record number, and when the R peak was in milliseconds of event time.</summary>
    public List<(int Record, long PeakMs)> Beats { get; } = [];

    /// <summary>Compares every patient.</summary>
    public async Task<EcgVerification> RunAsync(CancellationToken cancellationToken)
    {
        int patients = _plan.Ward.Patients;
        var totals = new EcgVerification();
        await using var journal = new PostgresJournalAdministration(_options.Postgres, _options.Topics.Schema);
        var counters = (await journal.ReadAllShardsAsync(cancellationToken).ConfigureAwait(false)).Aggregate(default(Processing.Runtime.ShardCounters), (sum, shard) => sum + shard.Row.Counters);
        if (counters.Folded != _due.Length || counters.Duplicates + counters.Late + counters.DeadLetters > 0)
            totals = totals with { Difference = Text($"{_due.Length} chunks were sent; {counters.Folded} were folded, {counters.Duplicates} taken for repeats, {counters.Late} late, {counters.DeadLetters} refused.") };
        for (int patient = 0; patient < patients && totals.Difference is null; patient++)
        {
            string key = BenchPlan.Key(patient);
            if (await journal.ReadPatientAsync(key, int.MaxValue, cancellationToken).ConfigureAwait(false) is not { } journaled)
                totals = totals with { Difference = $"The journal does not know patient {key}." };
            else
                totals = Compare(patient, journaled, totals);
        }

        double seconds = (double)_due.Length * _plan.Ward.IntervalMs / 1000;
        return totals with
        {
            FoldMicrosecondsPerPatientSecond = Math.Round(_folding.TotalMicroseconds / seconds, 2),
            DetectMicrosecondsPerPatientSecond = Math.Round(_reference.Spent.TotalMicroseconds / seconds, 2),
            SnapshotEncodeMicroseconds = Math.Round(_encoding.TotalMicroseconds / Math.Max(1, patients), 2),
            SnapshotDecodeMicroseconds = Math.Round(_decoding.TotalMicroseconds / Math.Max(1, patients), 2),
        };
    }

    private EcgVerification Compare(int patient, JournaledPatient journaled, EcgVerification totals)
    {
        var folded = new PatientState(journaled.Patient);
        _found.Clear();
        _classified.Clear();
        int at = 0;
        long step = 0;
        for (int n = patient; n < _due.Length; n += _plan.Ward.Patients, step++)
        {
            var record = new InboundRecord(n, _due[n] / 1000, _feed.Keys[patient], _feed.Write(patient, step).ToArray(), RecordType.Observation, RecordContent.Protobuf);
            long began = Stopwatch.GetTimestamp();
            if (_decoder.Decode(record, _places[patient], _options.Partitions, _observation) is { } refusal)
                return Differs($"the record is refused: {refusal.Field} {refusal.Detail}");
            if (_actor.Handle(folded, _observation, record.TimestampMs) != Disposition.Folded)
                return Differs($"the chunk is not folded");
            _folding += Stopwatch.GetElapsedTime(began);
            if (at == journaled.Entries.Count)
                return Differs($"entry {folded.Sequence} is missing in the journal");
            JournaledEntry entry = journaled.Entries[at++];
            if (entry.Entry.Sequence != folded.Sequence || !entry.Entry.Payload.Span.SequenceEqual(_actor.Decision.Entry))
                return Differs($"entry {folded.Sequence} differs from entry {entry.Entry.Sequence} of the journal");
            if (!entry.Entry.Samples.Span.SequenceEqual(_actor.Decision.Samples))
                return Differs($"the samples of entry {folded.Sequence} differ");
            totals = totals with { Entries = totals.Entries + 1, EntryBytes = totals.EntryBytes + entry.Entry.Payload.Length, SampleBytes = totals.SampleBytes + entry.Entry.Samples.Length };
            foreach (FoundBeat beat in folded.Waveforms!.Found)
                Beats.Add((n, beat.TimeMs));
            _found.AddRange(folded.Waveforms.Found);
            _classified.AddRange(folded.Waveforms.Classified);
            if (folded.Sequence != journaled.SnapshotSequence)
                continue;
            Encode(folded);
            if (!_snapshot.Written.SequenceEqual(journaled.Snapshot.Span))
                return Differs($"the snapshot at entry {journaled.SnapshotSequence} differs");
            totals = totals with { Snapshots = totals.Snapshots + 1 };
        }

        if (at != journaled.Entries.Count)
            return Differs($"the journal has {journaled.Entries.Count - at} entries more than were sent");
        _reference.Run(patient, _plan.Ward.TimeMs(step));
        if (Difference("found", _found, _reference.Found) is { } found)
            return Differs($"{found}");
        if (Difference("classified", _classified, _reference.Classified) is { } classified)
            return Differs($"{classified}");
        long start = Stopwatch.GetTimestamp();
        Encode(folded);
        _encoding += Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        _ = PatientState.Decode(journaled.Patient, _snapshot.Written);
        _decoding += Stopwatch.GetElapsedTime(start);
        return totals with
        {
            Beats = totals.Beats + _found.Count,
            StateBytes = totals.StateBytes + _snapshot.Length,
            ApproximateBytes = totals.ApproximateBytes + folded.ApproximateBytes,
        };

        EcgVerification Differs(FormattableString what) => totals with { Difference = Text($"Patient {journaled.Patient}, chunk {step}: {Text(what)}.") };
    }

    private void Encode(PatientState state)
    {
        _snapshot.Truncate();
        state.Encode(_snapshot);
    }

    private static string? Difference(string what, List<FoundBeat> engine, List<FoundBeat> reference)
    {
        for (int i = 0; i < Math.Max(engine.Count, reference.Count); i++)
        {
            if (i >= engine.Count || i >= reference.Count || engine[i] != reference[i])
                return Text($"{engine.Count} beats were {what} by the engine, {reference.Count} by the detector alone; number {i} is the first to differ");
        }

        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
