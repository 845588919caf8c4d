using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Clinical;

/// <summary>The heartbeats of a patient as the journal has them, each with the last word of its class.</summary>
internal static class JournaledBeats
{
    /// <summary>A longer interval is one in which a beat is missing or the ECG was away, and says nothing about variability; milliseconds (30 a minute).</summary>
    public const int LongestNormalMs = 2000;

    private const double LongestRatio = 1.6;
    private const int Neighbours = 4;
    private const int FirstPage = 500;
    private const int MostEntries = 100_000;

    /// <summary>Reads the beats of the latest time, oldest first.</summary>
    /// <param name="options">The options, PostgreSQL named.</param>
    /// <param name="patient">The canonical key.</param>
    /// <param name="lastMs">How much time before the newest beat, milliseconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the patient was never seen.</returns>
    public static async Task<IReadOnlyList<FoundBeat>?> ReadAsync(PhysioOptions options, string patient, long lastMs, CancellationToken cancellationToken)
    {
        await using var journal = new PostgresJournalAdministration(options.Postgres, options.Topics.Schema);
        // How many entries that time has is not known: more are read until it is covered.
        for (int newest = FirstPage; ; newest *= 4)
        {
            JournaledPatient? found = await journal.ReadPatientAsync(patient, Math.Min(newest, MostEntries), cancellationToken).ConfigureAwait(false);
            if (found is null)
                return null;
            FoundBeat[] beats = Gather(found);
            long from = beats.Length == 0 ? 0 : beats[^1].TimeMs - lastMs;
            if (found.Entries.Count < newest || newest >= MostEntries || (beats.Length > 0 && beats[0].TimeMs <= from))
                return [.. beats.Where(beat => beat.TimeMs >= from)];
        }
    }

    /// <summary>The intervals between normal beats that follow each other, without those so much longer than the ones about them that a beat between may be unseen.</summary>
    /// <param name="beats">Beats, oldest first.</param>
    public static NormalInterval[] NormalIntervals(IReadOnlyList<FoundBeat> beats)
    {
        var intervals = new List<NormalInterval>();
        Span<double> about = stackalloc double[(2 * Neighbours) + 1];
        for (int i = 1; i < beats.Count; i++)
        {
            long interval = beats[i].TimeMs - beats[i - 1].TimeMs;
            if (beats[i - 1].Class == BeatClass.Normal && beats[i].Class == BeatClass.Normal && interval is > 0 and <= LongestNormalMs)
                intervals.Add(new((beats[i].TimeMs - beats[0].TimeMs) / 1000.0, interval));
        }

        var kept = new List<NormalInterval>(intervals.Count);
        for (int i = 0; i < intervals.Count; i++)
        {
            int from = Math.Max(0, i - Neighbours), count = Math.Min(intervals.Count - 1, i + Neighbours) - from + 1;
            for (int k = 0; k < count; k++)
                about[k] = intervals[from + k].Milliseconds;
            about[..count].Sort();
            if (intervals[i].Milliseconds <= LongestRatio * about[count / 2])
                kept.Add(intervals[i]);
        }

        return [.. kept];
    }

    private static FoundBeat[] Gather(JournaledPatient found)
    {
        var beats = new SortedDictionary<long, FoundBeat>();
        foreach (BeatsFound entry in found.Entries.SelectMany(entry => EntryReader.Read(entry.Entry.Payload.Span)).OfType<BeatsFound>())
        {
            foreach (FoundBeat beat in entry.Found)
                beats[beat.TimeMs] = beat;
            foreach (FoundBeat classified in entry.Classified)
            {
                if (beats.TryGetValue(classified.TimeMs, out FoundBeat beat))
                    beats[classified.TimeMs] = beat with { Class = classified.Class };
            }
        }

        return [.. beats.Values];
    }
}
