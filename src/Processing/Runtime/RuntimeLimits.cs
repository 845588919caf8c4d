namespace PhysioActors.Processing.Runtime;

/// <summary>The bounds of the runtime that are not options: every queue, batch and cache names its own here.</summary>
public static class RuntimeLimits
{
    /// <summary>Most records in one batch of a shard.</summary>
    public const int BatchRecords = 4096;

    /// <summary>Most bytes of inbound records in one batch of a shard.</summary>
    public const int BatchBytes = 4 << 20;

    /// <summary>Most records that wait in a shard's inbound queue; when reached, consumption of the partition pauses until half is taken.</summary>
    public const int QueueRecords = 8192;

    /// <summary>Most bytes that wait in a shard's inbound queue.</summary>
    public const int QueueBytes = 8 << 20;

    /// <summary>Most patients recovered by one query.</summary>
    public const int RecoveryBatch = 1024;

    /// <summary>
    /// After so many bytes of waveform samples a patient's snapshot is stored, however few entries there are: folding samples again takes by far the most time of a recovery.
    /// About two minutes of one lead at 250 Hz, or half a minute of four signals: some ten milliseconds.
    /// </summary>
    public const int SnapshotSampleBytes = 32 << 10;

    /// <summary>Most outbox rows published in one transaction.</summary>
    public const int PublishBatch = 1000;
}
