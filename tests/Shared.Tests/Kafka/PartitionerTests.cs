using System.Text;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Shared.Tests.Kafka;

public sealed class PartitionerTests
{
    // The figures are those of the Java client's own tests.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Murmur2_gives_the_figures_of_the_Java_client(string key, int expected) =>
        Assert.Equal(expected, Partitioner.Murmur2(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void A_negative_hash_has_its_sign_bit_cleared_not_its_sign_changed()
    {
        Assert.Equal((-790332482 & 0x7FFFFFFF) % 12, Partitioner.Partition("foobar"u8, 12));
        Assert.Equal((-790332482 & 0x7FFFFFFF) % 4096, Partitioner.Slot("foobar"u8));
    }

    [Fact]
    public void A_slot_lies_in_one_partition_under_every_count_that_divides_the_slots()
    {
        for (int patient = 0; patient < 1000; patient++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"icu:bed-{patient}");
            for (int count = 1; count <= Partitioner.Slots; count *= 2)
                Assert.Equal(Partitioner.Slot(key) % count, Partitioner.Partition(key, count));
        }
    }

    [Fact]
    public void No_partitions_is_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Partitioner.Partition("foobar"u8, 0));
}
