using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Scoring;

/// <summary>
/// What the model sees of a patient: of each of six vital signs the mean of 30 s, the standard deviation of 2 min, the slope of 10 min, and how far the mean of 30 s
/// lies from that of 10 min. A feature with too few samples behind it is NaN: absent.
/// </summary>
/// <remarks>
/// Where a sign can be measured in two ways, the better one that is current counts: heart rate before pulse rate, arterial before cuff pressure. A signal whose newest
/// sample lies 10 min or more behind the newest of all is not current.
/// </remarks>
public static class FeatureVector
{
    /// <summary>Number of features.</summary>
    public const int Count = Groups * PerGroup;

    /// <summary>Features of one vital sign.</summary>
    public const int PerGroup = 4;

    /// <summary>A standard deviation, slope or deviation of fewer samples says more of the noise than of the patient.</summary>
    public const int FewestSamples = 3;

    /// <summary>A slope or deviation needs samples that lie at least so far apart, milliseconds.</summary>
    public const int ShortestSpreadMs = 60_000;

    private const int Groups = 6;

    private static readonly string[] ShortNamesOfGroup = ["mean30s", "sd2m", "slope10m", "deviation"];

    private static readonly string[] AllNames = BuildNames();

    private static ReadOnlySpan<byte> First =>
    [
        (byte)SignalCode.HeartRate, (byte)SignalCode.SpO2, (byte)SignalCode.RespiratoryRate,
        (byte)SignalCode.ArterialSystolic, (byte)SignalCode.ArterialMean, (byte)SignalCode.CoreTemperature,
    ];

    private static ReadOnlySpan<byte> Second =>
    [
        (byte)SignalCode.PulseRate, (byte)SignalCode.None, (byte)SignalCode.None,
        (byte)SignalCode.CuffSystolic, (byte)SignalCode.CuffMean, (byte)SignalCode.None,
    ];

    /// <summary>The features' names in their order, as <c>hr.mean30s</c>. A model trained on other names cannot score these features.</summary>
    public static ReadOnlySpan<string> Names => AllNames;

    /// <summary>What a feature says of its sign: <c>mean30s</c>, <c>sd2m</c>, <c>slope10m</c> or <c>deviation</c>.</summary>
    public static string ShortNameOf(int feature) => ShortNamesOfGroup[Checked(feature) % PerGroup];

    /// <summary>The code that a feature is of, in its better measurement.</summary>
    public static SignalCode CodeOf(int feature) => (SignalCode)First[Checked(feature) / PerGroup];

    /// <summary>The code that a feature is taken from with these windows; <see cref="SignalCode.None"/> when none is current.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="windowsByCode">Windows by code number; null where a code was never seen.</param>
    public static SignalCode CodeOf(int feature, ReadOnlySpan<SlidingWindows?> windowsByCode) =>
        Current(Checked(feature) / PerGroup, windowsByCode, NewestOf(windowsByCode));

    /// <summary>Computes the features.</summary>
    /// <param name="windowsByCode">Windows by code number; null where a code was never seen.</param>
    /// <param name="into">Where the <see cref="Count"/> features go, in units of the codes (slopes per minute); NaN where absent.</param>
    /// <returns>How many features are present.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static int Extract(ReadOnlySpan<SlidingWindows?> windowsByCode, Span<float> into)
    {
        if (windowsByCode.Length != SignalCodes.Count)
            throw new ArgumentException($"{SignalCodes.Count} windows by code expected, {windowsByCode.Length} given.", nameof(windowsByCode));
        if (into.Length != Count)
            throw new ArgumentException($"Room for {Count} features expected, {into.Length} given.", nameof(into));

        into.Fill(float.NaN);
        long newestMs = NewestOf(windowsByCode);
        int present = 0;
        for (int group = 0; group < Groups; group++)
        {
            SignalCode code = Current(group, windowsByCode, newestMs);
            if (code != SignalCode.None)
                present += ExtractGroup(windowsByCode[(int)code]!, code, into.Slice(group * PerGroup, PerGroup));
        }

        return present;
    }

    private static int ExtractGroup(SlidingWindows windows, SignalCode code, Span<float> into)
    {
        windows.TryMean(WindowSpan.Seconds30, code, out double recent);
        into[0] = (float)recent;
        int present = 1;
        if (windows.Count(WindowSpan.Minutes2) >= FewestSamples && windows.TryStandardDeviation(WindowSpan.Minutes2, code, out double deviation))
        {
            into[1] = (float)deviation;
            present++;
        }

        if (windows.SampleCount < FewestSamples || windows.SpreadMs(WindowSpan.Minutes10) < ShortestSpreadMs)
            return present;
        windows.TrySlopePerMinute(WindowSpan.Minutes10, code, out double slope);
        windows.TryMean(WindowSpan.Minutes10, code, out double longer);
        into[2] = (float)slope;
        into[3] = (float)(recent - longer);
        return present + 2;
    }

    private static SignalCode Current(int group, ReadOnlySpan<SlidingWindows?> windowsByCode, long newestMs)
    {
        if (IsCurrent(windowsByCode[First[group]], newestMs))
            return (SignalCode)First[group];
        return Second[group] != 0 && IsCurrent(windowsByCode[Second[group]], newestMs) ? (SignalCode)Second[group] : SignalCode.None;
    }

    private static bool IsCurrent(SlidingWindows? windows, long newestMs) =>
        windows is { SampleCount: > 0 } && windows.NewestMs > newestMs - SlidingWindows.ReachMs;

    private static long NewestOf(ReadOnlySpan<SlidingWindows?> windowsByCode)
    {
        long newest = 0;
        foreach (SlidingWindows? windows in windowsByCode)
        {
            if (windows is not null)
                newest = Math.Max(newest, windows.NewestMs);
        }

        return newest;
    }

    private static int Checked(int feature) => (uint)feature < Count
        ? feature
        : throw new ArgumentOutOfRangeException(nameof(feature), feature, $"Features have numbers from 0 to {Count - 1}.");

    private static string[] BuildNames()
    {
        var names = new string[Count];
        for (int i = 0; i < Count; i++)
        {
            string sign = (i / PerGroup) switch { 0 => "hr", 1 => "spo2", 2 => "rr", 3 => "sys", 4 => "map", _ => "temp" };
            names[i] = $"{sign}.{ShortNamesOfGroup[i % PerGroup]}";
        }

        return names;
    }
}
