using PhysioActors.Processing.Signals.Waveforms;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

public class SampleClockTests
{
    [Theory]
    [InlineData(50_000)]
    [InlineData(128_000)]
    [InlineData(250_000)]
    [InlineData(257_143)]
    [InlineData(360_000)]
    [InlineData(999_999)]
    [InlineData(1_000_000)]
    public void Samples_are_taken_when_they_are_due_and_have_the_times_they_have_one_by_one(int rateMilliHz)
    {
        const long startUs = 1_767_225_600_000_000;
        var clock = new SampleClock(startUs, rateMilliHz);
        var random = new Random(rateMilliHz);
        long toUs = startUs - 3_000_000, next = 0;
        for (int i = 0; i < 2000; i++)
        {
            toUs += random.Next(4) == 0 ? random.Next(5_000_000) : 100_000;
            int count = clock.Take(toUs, out long first);
            Assert.Equal(next, first);
            SampleClock.Times time = clock.TimesFrom(first);
            for (int k = 0; k < count; k++, next++, time.Next())
            {
                Assert.Equal(clock.TimeMs(next), time.Ms);
                Assert.True(clock.TimeUs(next) < toUs);
            }

            Assert.True(clock.TimeUs(next) >= toUs);
        }
    }
}
