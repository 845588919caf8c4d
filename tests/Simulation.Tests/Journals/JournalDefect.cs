namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>Ways in which the in-memory store may be made wrong on purpose, so that a simulation can show that it would notice.</summary>
[Flags]
public enum JournalDefect
{
    None = 0,

    /// <summary>The guard compares the next offset only: a zombie may write.</summary>
    IgnoreEpoch = 1,

    /// <summary>The guard compares the epoch only: a batch may be committed twice, or behind a hole.</summary>
    IgnoreNextOffset = 2,

    /// <summary>
    /// Entries and patients are durable before the shard's row, its outbox and its counters, which move in a second step
    /// that <see cref="InMemoryStore.BetweenEntriesAndOffset"/> may prevent, as a crash between the two would.
    /// </summary>
    OffsetOutsideTransaction = 4,

    /// <summary>Samples go as soon as one patient of the shard has a later snapshot, and not each its own.</summary>
    DropSamplesEarly = 8,
}
