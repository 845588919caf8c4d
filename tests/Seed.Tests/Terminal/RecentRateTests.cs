using PhysioActors.Seed.Terminal;

namespace PhysioActors.Seed.Tests.Terminal;

public sealed class RecentRateTests
{
    private readonly SetTime _time = new();

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        var rate = new RecentRate(TimeSpan.FromSeconds(5), _time);
        Assert.Equal(0, rate.PerSecond);
        for (int second = 0; second <= 20; second++)
        {
            rate.Add(second < 10 ? second : 10 + ((second - 10) * 100));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(80, rate.PerSecond);
    }

    [Fact]
    public void The_rate_falls_to_nothing_when_nothing_more_is_read()
    {
        var rate = new RecentRate(TimeSpan.FromSeconds(5), _time);
        for (int second = 0; second <= 10; second++)
        {
            rate.Add(second * 1000);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        double last = rate.PerSecond;
        Assert.InRange(last, 700, 1000);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(rate.PerSecond, 1, last / 2);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, rate.PerSecond);
    }

    [Fact]
    public void The_rate_is_nothing_while_nothing_moves()
    {
        var rate = new RecentRate(TimeSpan.FromSeconds(5), _time);
        for (int second = 0; second <= 10; second++)
        {
            rate.Add(42);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, rate.PerSecond);
    }

    private sealed class SetTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
