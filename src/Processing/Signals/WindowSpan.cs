namespace PhysioActors.Processing.Signals;

/// <summary>How far a sliding window reaches back.</summary>
public enum WindowSpan : byte
{
    /// <summary>30 seconds.</summary>
    Seconds30 = 0,

    /// <summary>2 minutes.</summary>
    Minutes2 = 1,

    /// <summary>10 minutes.</summary>
    Minutes10 = 2,
}
