namespace PhysioActors.Shared.Observations;

/// <summary>The words of a reading's quality and source in messages, by number.</summary>
internal static class ReadingWords
{
    /// <summary>Indexed by <see cref="ReadingQuality"/>.</summary>
    public static readonly string[] Qualities = ["ok", "questionable", "sensor-off", "calibrating", "test"];

    /// <summary>Indexed by <see cref="ReadingSource"/>.</summary>
    public static readonly string[] Sources = ["unspecified", "monitor", "wearable", "manual", "spot-check", "care-team"];

    /// <summary>Finds the quality of a word.</summary>
    public static bool TryFindQuality(ReadOnlySpan<byte> word, out ReadingQuality quality)
    {
        quality = word.Length switch
        {
            2 when word.SequenceEqual("ok"u8) => ReadingQuality.Ok,
            12 when word.SequenceEqual("questionable"u8) => ReadingQuality.Questionable,
            10 when word.SequenceEqual("sensor-off"u8) => ReadingQuality.SensorOff,
            11 when word.SequenceEqual("calibrating"u8) => ReadingQuality.Calibrating,
            4 when word.SequenceEqual("test"u8) => ReadingQuality.Test,
            _ => (ReadingQuality)byte.MaxValue,
        };
        return quality != (ReadingQuality)byte.MaxValue;
    }

    /// <summary>Finds the source of a word.</summary>
    public static bool TryFindSource(ReadOnlySpan<byte> word, out ReadingSource source)
    {
        source = word.Length switch
        {
            11 when word.SequenceEqual("unspecified"u8) => ReadingSource.Unspecified,
            7 when word.SequenceEqual("monitor"u8) => ReadingSource.Monitor,
            8 when word.SequenceEqual("wearable"u8) => ReadingSource.Wearable,
            6 when word.SequenceEqual("manual"u8) => ReadingSource.Manual,
            10 when word.SequenceEqual("spot-check"u8) => ReadingSource.SpotCheck,
            9 when word.SequenceEqual("care-team"u8) => ReadingSource.CareTeam,
            _ => (ReadingSource)byte.MaxValue,
        };
        return source != (ReadingSource)byte.MaxValue;
    }
}
