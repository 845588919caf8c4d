using System.Globalization;
using System.Text;
using PhysioActors.Shared.Kafka;

namespace PhysioActors.Seed.Benchmark;

/// <summary>What a benchmark sends. From it alone, and the times at which records were due, all records can be made again.</summary>
/// <param name="Patients">How many patients there are. Records go round them: record n is of patient n mod patients, its step n / patients.</param>
/// <param name="IntervalMs">Event time between two records of a patient, milliseconds.</param>
/// <param name="EpochMs">Event time of the first step, milliseconds since 1970 UTC.</param>
/// <param name="Seed">The noise.</param>
internal sealed record BenchPlan(int Patients, int IntervalMs, long EpochMs, ulong Seed)
{
    /// <summary>The key of a patient, from 0.</summary>
    public static string Key(int patient) => string.Create(CultureInfo.InvariantCulture, $"bench:{patient:D6}");

    /// <summary>The partition that each patient's records go to.</summary>
    public int[] PartitionsOf(int partitions)
    {
        int[] places = new int[Patients];
        for (int i = 0; i < places.Length; i++)
            places[i] = Partitioner.Partition(Encoding.UTF8.GetBytes(Key(i)), partitions);
        return places;
    }

    /// <summary>Event time of a step.</summary>
    public long TimeMs(long step) => EpochMs + (step * IntervalMs);

    /// <summary>The step that has this event time.</summary>
    public long Step(long timeMs) => (timeMs - EpochMs) / IntervalMs;
}
