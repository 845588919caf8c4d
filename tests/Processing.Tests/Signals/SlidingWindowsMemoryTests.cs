using PhysioActors.Processing.Signals;

namespace PhysioActors.Processing.Tests.Signals;

/// <summary>Reads the size of the heap, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(SlidingWindowsMemoryTests), DisableParallelization = true)]
public sealed class AloneOnTheHeap;

[Collection(nameof(SlidingWindowsMemoryTests))]
public sealed class SlidingWindowsMemoryTests
{
    private const long Start = 1_700_000_000_000;

    [Theory]
    [InlineData(1_000, 0, 11 * 1024)]
    [InlineData(1_000, 200, 19 * 1024)]
    [InlineData(10_000, 0, 3 * 1024)]
    [InlineData(10_000, 2_000, 4 * 1024)]
    public void Six_codes_with_full_windows_fit_their_memory(int interval, int jitter, int bound)
    {
        var random = new Random(2);
        var patients = new SlidingWindows[200][];
        int full = SlidingWindows.ReachMs / interval;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int patient = 0; patient < patients.Length; patient++)
            patients[patient] = [.. Enumerable.Range(0, 6).Select(_ => Filled(random, interval, jitter, 2 * full))];
        long perPatient = (GC.GetTotalMemory(forceFullCollection: true) - before) / patients.Length;
        Assert.All(patients, six => Assert.All(six, windows => Assert.InRange(windows.SampleCount, full - 1, full + 1)));
        Assert.True(perPatient < bound, $"{perPatient} bytes a patient");
    }

    /// <summary>Values that drift as a random walk and scatter about it, at times that scatter about a regular grid.</summary>
    private static SlidingWindows Filled(Random random, int interval, int jitter, int samples)
    {
        var windows = new SlidingWindows();
        int level = 1000;
        for (int i = 0; i < samples; i++)
        {
            level += random.Next(-3, 4);
            windows.Add(Start + ((long)i * interval) + random.Next(jitter + 1), (ushort)(level + random.Next(40)), interval);
        }

        return windows;
    }
}
