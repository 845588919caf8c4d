using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Tests.Terminal;

internal static class Samples
{
    private const long Noon = 1_767_182_400_000; // 2025-12-31 12:00 UTC

    public static AnomalyMessage Rule(string patient, long sequence, AnomalyState state = AnomalyState.Raised, string? anomalyId = null, AnomalySeverity severity = AnomalySeverity.High) =>
        new($"{patient}/{sequence}/0", anomalyId ?? $"{patient}/{sequence}/0", 0, patient, null, Noon + sequence * 1000, Noon + sequence * 1000, AnomalyKind.Rule, severity, state,
            "spo2-low", null, 90, [new(SignalCode.SpO2, "value", 86.5, 3.5)], null);

    public static AnomalyMessage Model(string patient, long sequence) =>
        new($"{patient}/{sequence}/0", $"{patient}/{sequence}/0", 0, patient, null, Noon, Noon, AnomalyKind.Model, AnomalySeverity.Medium, AnomalyState.Raised,
            null, 0.7134, 0.65, [new(SignalCode.HeartRate, "slope10m", 4.25, 0.6), new(SignalCode.SpO2, "mean2m", 91, 0.3)], "m1");

    public static AnomalyMessage Silence(string patient, long sequence) =>
        new($"{patient}/{sequence}/0", $"{patient}/{sequence}/0", 0, patient, null, Noon, Noon, AnomalyKind.NoData, AnomalySeverity.Medium, AnomalyState.Raised, null, null, null, [], null);

    public static WardSnapshot Ward => new() { Cluster = "physio", Source = "ward simulator, seed 1", IsSimulated = true, Elapsed = TimeSpan.FromSeconds(83) };
}
