using System.Globalization;

namespace PhysioActors.Seed.Benchmark;

/// <summary>A report for people.</summary>
internal static class BenchText
{
    /// <summary>Prints it.</summary>
    public static void Print(BenchReport report, TextWriter output)
    {
        Line($"{report.Observations:#,0} observations of {report.Patients:#,0} patients in {report.Seconds:0.0} s: {report.ObservationsPerSecond:#,0} a second durable, {report.Commits:#,0} commits");
        Line($"processor time, microseconds for each: node {report.CpuMicrosecondsPerObservation.Node}, broker {report.CpuMicrosecondsPerObservation.Broker}, database {report.CpuMicrosecondsPerObservation.Database}, generator {report.CpuMicrosecondsPerObservation.Generator}");
        Line($"journaled after ms: {report.JournaledMilliseconds.All}");
        if (report.ColdStart is { } cold)
            Line($"before that, cold: {cold.Observations:#,0} observations, {cold.ObservationsPerSecond:#,0} a second, journaled after ms: {cold.JournaledMilliseconds.All}");
        Line($"published after ms: {report.PublishedMilliseconds.All}");
        Line($"allocated {report.BytesAllocatedPerObservation} bytes for each, {report.BytesPerPatient:#,0} bytes of memory for each patient (windows {report.WindowsFull:0%} full), {report.JournalBytesPerObservation} bytes of journal for each");
        Line($"recovery of {report.Recovery.Patients:#,0} patients after {report.RecoverySeconds} s (rebuilding {report.Recovery.RebuildSeconds} s)");
        Line($"{report.DurabilityText}");
        Line($"verified: {(report.Verified ? $"yes, {report.Verification.Entries:#,0} entries and {report.Verification.Snapshots:#,0} snapshots equal an offline fold" : $"NO: {report.Verification.Difference}")}");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
