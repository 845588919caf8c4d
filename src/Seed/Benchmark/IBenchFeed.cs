using Confluent.Kafka;

namespace PhysioActors.Seed.Benchmark;

/// <summary>Makes a benchmark's records. Any record can be made by itself, so that what was sent can be made again. One instance serves one thread and keeps its buffers.</summary>
internal interface IBenchFeed
{
    /// <summary>The keys in UTF-8, by patient.</summary>
    byte[][] Keys { get; }

    /// <summary>The headers of every record; null for none.</summary>
    Headers? Headers { get; }

    /// <summary>Writes one record's value; the bytes are valid until the next call.</summary>
    /// <param name="patient">The patient, from 0.</param>
    /// <param name="step">The patient's record, from 0.</param>
    ReadOnlySpan<byte> Write(int patient, long step);
}
