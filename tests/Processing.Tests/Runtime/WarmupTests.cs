using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;

namespace PhysioActors.Processing.Tests.Runtime;

public sealed class WarmupTests
{
    [Fact]
    public async Task Every_observation_goes_the_whole_way()
    {
        Assert.Equal(16 * 60 * 8, await Warmup.RunAsync(ActorConfiguration.Default, null, CancellationToken.None));
    }
}
