using System.Globalization;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay;

/// <summary>How recordings are laid into time.</summary>
/// <param name="RunId">Names the run: the session of every device and the encounter of every patient.</param>
public sealed record TimelineOptions(string RunId)
{
    /// <summary>What the patients' ids end with, so that they are others than those of an earlier run; empty for the recordings' own.</summary>
    public string PatientSuffix { get; init; } = "";

    /// <summary>When the first recording starts; null so that the last one ends at <see cref="Now"/>.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The time that counts as now.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>How many patients take part: the first so many, and when there are fewer, copies of them under further ids; null for all.</summary>
    public int? Patients { get; init; }

    /// <summary>Whether each patient starts again when the recordings are at an end.</summary>
    public bool Loop { get; init; }

    /// <summary>How long a chunk of a waveform is, from <see cref="ReplayTimeline.ShortestChunk"/> to <see cref="ReplayTimeline.LongestChunk"/>.</summary>
    public TimeSpan Chunk { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// Recordings laid into time and merged by it. All patients start together; parts of one patient follow each other with a gap of <see cref="GapSteps"/> intervals,
/// so that a new recording is not taken for a jump of the signal. In a loop each patient goes on by itself, in time and in sequence.
/// </summary>
public sealed class ReplayTimeline
{
    /// <summary>The most patients, copies included.</summary>
    public const int MaximumPatients = 1_000_000;

    /// <summary>The shortest chunk of a waveform.</summary>
    public static readonly TimeSpan ShortestChunk = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest chunk of a waveform.</summary>
    public static readonly TimeSpan LongestChunk = TimeSpan.FromSeconds(WaveformSignals.MaximumSeconds);

    private const int GapSteps = 10;

    private readonly List<Track> _tracks = [];
    private readonly string _runId;
    private readonly string _suffix;
    private readonly bool _loop;
    private readonly TimeSpan _chunk;

    /// <summary>Lays the recordings of <paramref name="patients"/> into time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of patients wished for is not from 1 to <see cref="MaximumPatients"/>, a chunk is too short or too long, or a time is before 1970.</exception>
    public ReplayTimeline(IReadOnlyList<PatientRecordings> patients, TimelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(patients);
        ArgumentNullException.ThrowIfNull(options);
        PatientCount = options.Patients ?? patients.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(PatientCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PatientCount, MaximumPatients);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Chunk, ShortestChunk, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Chunk, LongestChunk, nameof(options));
        _chunk = options.Chunk;
        _runId = options.RunId;
        _suffix = options.PatientSuffix;
        _loop = options.Loop;
        long lastMs = 0;
        for (int i = 0; i < PatientCount; i++)
        {
            int copy = (i / patients.Count) + 1;
            lastMs = Math.Max(lastMs, AddPatient(patients[i % patients.Count], copy == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-copy{copy}")));
        }

        // On a whole second, which is easier to read.
        StartMs = options.Start?.ToUnixTimeMilliseconds() ?? ((options.Now.ToUnixTimeMilliseconds() - lastMs) / 1000 * 1000);
        ArgumentOutOfRangeException.ThrowIfNegative(StartMs, nameof(options));
        EndMs = StartMs + lastMs;
    }

    /// <summary>How many patients take part.</summary>
    public int PatientCount { get; }

    /// <summary>How many observations there are in one pass.</summary>
    public long ObservationCount { get; private set; }

    /// <summary>The most samples of an observation, all signals together; 0 where there are no waveforms.</summary>
    public int MostSamples { get; private set; }

    /// <summary>Event time at which all patients start, milliseconds since 1970 UTC.</summary>
    public long StartMs { get; }

    /// <summary>Event time of the last observation of the first pass, milliseconds since 1970 UTC.</summary>
    public long EndMs { get; }

    /// <summary>
    /// The observations in the order of their time. One draft is filled again and again: what was handed out is valid until the next is asked for.
    /// Without end in a loop.
    /// </summary>
    public IEnumerable<ObservationDraft> Observations()
    {
        ObservationDraft draft = new() { Encounter = _runId, Session = _runId };
        PriorityQueue<Cursor, (long TimeMs, int Track)> next = new(_tracks.Count);
        for (int i = 0; i < _tracks.Count; i++)
        {
            Cursor cursor = new(_tracks[i]);
            next.Enqueue(cursor, (cursor.TimeMs, i));
        }

        while (next.TryPeek(out Cursor? cursor, out (long TimeMs, int Track) at))
        {
            cursor.Fill(draft, StartMs);
            yield return draft;
            if (cursor.MoveNext(_loop))
                next.DequeueEnqueue(cursor, (cursor.TimeMs, at.Track));
            else
                next.Dequeue();
        }
    }

    /// <summary>Lays one patient's recordings out; returns when the last row lies, milliseconds after the start.</summary>
    private long AddPatient(PatientRecordings patient, string suffix)
    {
        Dictionary<string, Track> byDevice = new(StringComparer.Ordinal);
        long partStartMs = 0;
        long lastMs = 0;
        long endMs = 0;
        foreach (IGrouping<int, Recording> part in patient.Recordings.GroupBy(r => r.Identity.Part).OrderBy(g => g.Key))
        {
            long stepMs = part.Max(r => r.Identity.StepMs);
            if (endMs > 0)
                partStartMs = lastMs + (GapSteps * stepMs);
            foreach (Recording recording in part)
            {
                if (!byDevice.TryGetValue(recording.Identity.Device, out Track? track))
                {
                    track = new Track(patient.Patient + suffix + _suffix, recording.Identity.Device + suffix);
                    byDevice.Add(recording.Identity.Device, track);
                    _tracks.Add(track);
                }

                IRecordingRows rows = recording.Rows(_chunk);
                track.Recordings.Add((recording.Identity, rows, partStartMs));
                ObservationCount += rows.Count;
                MostSamples = Math.Max(MostSamples, rows.MostSamples);
                lastMs = Math.Max(lastMs, partStartMs + rows.TimeMs(rows.Count - 1));
            }

            endMs = lastMs + stepMs;
        }

        foreach (Track track in byDevice.Values)
            track.CycleMs = endMs;
        return lastMs;
    }

    /// <summary>What one device of one patient recorded, one recording after the other.</summary>
    private sealed class Track(string patient, string device)
    {
        public string Patient { get; } = patient;

        public string Device { get; } = device;

        public List<(RecordingIdentity Identity, IRecordingRows Rows, long StartMs)> Recordings { get; } = [];

        /// <summary>After how long the patient starts again in a loop.</summary>
        public long CycleMs { get; set; }
    }

    private sealed class Cursor(Track track)
    {
        private int _recording;
        private int _row;
        private long _passMs;
        private long _sequence;

        public long TimeMs => PartMs + track.Recordings[_recording].Rows.TimeMs(_row);

        private long PartMs => _passMs + track.Recordings[_recording].StartMs;

        public bool MoveNext(bool loop)
        {
            _sequence++;
            if (++_row < track.Recordings[_recording].Rows.Count)
                return true;
            _row = 0;
            if (++_recording < track.Recordings.Count)
                return true;
            _recording = 0;
            _passMs += track.CycleMs;
            return loop;
        }

        public void Fill(ObservationDraft draft, long startMs)
        {
            (RecordingIdentity identity, IRecordingRows rows, _) = track.Recordings[_recording];
            draft.Patient = track.Patient;
            draft.Device = track.Device;
            draft.Sequence = _sequence;
            draft.TimeMs = startMs + TimeMs;
            draft.IntervalMs = identity.DeclaresInterval ? identity.StepMs : 0;
            draft.Readings.Clear();
            draft.Waveforms.Clear();
            rows.Fill(_row, startMs + PartMs, draft);
        }
    }
}
