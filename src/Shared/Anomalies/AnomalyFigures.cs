namespace PhysioActors.Shared.Anomalies;

/// <summary>How exactly figures stand in messages of anomalies. What a computer adds behind that (0.30000000000000004) says nothing of the patient; the journal keeps it.</summary>
public static class AnomalyFigures
{
    /// <summary>Decimals of the values and contributions of signals: finer than any signal's resolution.</summary>
    public const int SignalDecimals = 4;

    /// <summary>Decimals of scores and thresholds: as many as a number of single precision has, so that a score beyond its threshold is seen to be.</summary>
    public const int ScoreDecimals = 6;

    /// <summary>A value or contribution as it is written. What is no number stays so.</summary>
    public static double OfSignal(double figure) => Math.Round(figure, SignalDecimals);

    /// <summary>A score or threshold as it is written.</summary>
    public static double OfScore(double figure) => Math.Round(figure, ScoreDecimals);
}
