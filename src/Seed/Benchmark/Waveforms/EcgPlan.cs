using System.Globalization;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>What a benchmark of waveforms sends: one lead of ECG of each patient, a chunk a record. From it alone, and the times at which records were due, all records can be made again.</summary>
/// <param name="Ward">Patients, length of a chunk, and the time of the first sample.</param>
/// <param name="Seconds">How much each patient sends, seconds.</param>
/// <param name="Record">The WFDB record that is sent; null for simulated patients.</param>
internal sealed record EcgPlan(BenchPlan Ward, double Seconds, string? Record)
{
    /// <summary>Makes the samples.</summary>
    public EcgTracks Tracks() => Record is null ? EcgTracks.Simulated(Ward.Patients, Seconds, Ward.Seed) : EcgTracks.OfRecord(Record, Ward.Patients);

    /// <summary>The arguments by which a generator is told of it, beside those of the ward.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return "--ecg-seconds";
        yield return Seconds.ToString(CultureInfo.InvariantCulture);
        if (Record is null)
            yield break;
        yield return "--ecg-record";
        yield return Record;
    }
}
