using System.Globalization;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>A report for people.</summary>
internal static class EcgBenchText
{
    /// <summary>Prints it.</summary>
    public static void Print(EcgBenchReport report, TextWriter output)
    {
        Line($"verified: {(report.Verified ? $"yes, {report.Verification.Entries:#,0} entries with their samples, {report.Verification.Snapshots:#,0} snapshots and {report.Verification.Beats:#,0} beats are as they must be" : $"NO: {report.Verification.Difference}")}");
        if (!report.Verified)
            return;
        Line($"{report.Patients:#,0} patients with one lead at {report.SamplesPerSecond} Hz in chunks of {report.ChunkSeconds} s for {report.SignalSeconds:#,0} s: {report.ChunksPerSecond:#,0} chunks a second durable, as of {report.PatientsAtRealTime:#,0} patients at the pace of real time");
        if (report.KeptPace is { } kept)
            Line($"pace {(kept ? "kept" : "NOT kept")}: the last tenth journaled after ms: {report.LastTenthJournaledMilliseconds.Ends}");
        Line($"processor seconds in a second: node {report.CpuSecondsPerSecond.Node}, database {report.CpuSecondsPerSecond.Database}, broker {report.CpuSecondsPerSecond.Broker}, generator {report.CpuSecondsPerSecond.Generator}");
        Line($"microseconds for a patient's second: node {report.CpuMicrosecondsPerPatientSecond.Node}, database {report.CpuMicrosecondsPerPatientSecond.Database}, broker {report.CpuMicrosecondsPerPatientSecond.Broker}; offline fold {report.Verification.FoldMicrosecondsPerPatientSecond}, of which the detector {report.Verification.DetectMicrosecondsPerPatientSecond}");
        Line($"last sample to beat journaled, ms: {report.BeatJournaledMilliseconds.All}; to chunk journaled: {report.ChunkJournaledMilliseconds.Ends}");
        if (report.PeakJournaledMilliseconds is { } peak)
            Line($"R peak to beat journaled, ms: {peak.All}");
        Line($"memory: {report.BytesPerPatient:#,0} bytes for each patient (reckoned {report.ReckonedBytesPerPatient:#,0}); allocated {report.BytesAllocatedPerPatientSecond:#,0} bytes for a patient's second");
        Line($"journal, bytes of a patient in an hour: entries {report.JournalBytesPerPatientHour.Entries:#,0}, samples {report.JournalBytesPerPatientHour.Samples:#,0}, snapshots {report.JournalBytesPerPatientHour.Snapshots:#,0}; on disk {report.JournalBytesPerPatientHour.EntryTable:#,0} and {report.JournalBytesPerPatientHour.SampleTable:#,0}, log {report.JournalBytesPerPatientHour.WriteAheadLog:#,0}");
        Line($"{report.Snapshots.Count:#,0} snapshots of {report.Snapshots.MeanBytes:#,0} bytes");
        Line($"recovery of {report.Recovery.Patients:#,0} patients: first shard after {report.Recovery.UntilFirstShardSeconds} s, all served {report.Recovery.UntilAllServedSeconds} s later");
        Line($"load average {report.LoadAverage.Before} before, {report.LoadAverage.After} at the end; {report.DurabilityText}");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
