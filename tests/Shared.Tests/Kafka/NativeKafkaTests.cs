using Confluent.Kafka;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Shared.Tests.Kafka;

public sealed class NativeKafkaTests
{
    [LibraryFact]
    public void The_managed_client_works_with_the_library_of_the_system()
    {
        NativeKafka.Load();
        NativeKafka.Load();
        Assert.NotEqual(0, NativeKafka.Handle);
        Assert.True(Library.Version >= 0x02000000);
        using IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = "127.0.0.1:1", Partitioner = Confluent.Kafka.Partitioner.Murmur2Random, EnableIdempotence = true }).SetLogHandler((_, _) => { }).Build();
        Assert.Contains("producer", producer.Name, StringComparison.Ordinal);
    }

    private sealed class LibraryFactAttribute : FactAttribute
    {
        public LibraryFactAttribute()
        {
            if (!System.Runtime.InteropServices.NativeLibrary.TryLoad("librdkafka.so.1", out _))
                Skip = "librdkafka.so.1 is not installed (apt-get install librdkafka1).";
        }
    }
}
