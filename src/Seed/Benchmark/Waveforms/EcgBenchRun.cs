using System.Globalization;
using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Commands;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>One benchmark of waveforms: starts all processes, lets the generator send chunks, measures, kills and recovers the node, checks the journal, and stops everything.</summary>
/// <param name="loaded">The options; no broker and no database named.</param>
/// <param name="host">This process.</param>
internal sealed class EcgBenchRun(LoadedOptions loaded, CommandHost host)
{
    private const double InTimeMilliseconds = 1000;
    private const long StartGrainMs = 1000;

    private readonly MicrosecondClock _clock = new();

    /// <summary>Runs it.</summary>
    /// <param name="patients">How many patients.</param>
    /// <param name="chunkMs">Length of a chunk.</param>
    /// <param name="warmup">Chunks of each patient that are sent before those that are measured.</param>
    /// <param name="steps">Chunks of each patient that are measured.</param>
    /// <param name="speed">Event time as a multiple of real time; null for as fast as there is room.</param>
    /// <param name="record">The WFDB record to send; null for simulated patients.</param>
    /// <param name="seed">Everything random follows from it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandFailedException">Something did not start, or does not go on.</exception>
    public async Task<EcgBenchReport> RunAsync(int patients, int chunkMs, long warmup, long steps, double? speed, string? record, ulong seed, CancellationToken cancellationToken)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("physio-bench-");
        string folder = Path.Combine(host.Folder, Endpoints.FolderName, "bench");
        string log = Path.Combine(folder, "bench.log");
        using ILoggerFactory logs = Logs.Create(loaded.Options.Logging with { Level = LogLevelName.Warning });
        try
        {
            await using PhysioEnvironment environment = await PhysioEnvironment.StartAsync(
                loaded.Options, folder, isFresh: true, beginIncarnation: true, Say, log, logs.CreateLogger("PhysioActors.Bench"), host.Time, cancellationToken).ConfigureAwait(false);
            // The last event lies in the past, however fast the chunks are sent; and the first sample on a whole second, where time is looked at in any case.
            long epochMs = (_clock.NowUs / 1000) - ((warmup + steps + 2) * chunkMs) - 3_600_000;
            var ward = new BenchPlan(patients, chunkMs, epochMs - (epochMs % StartGrainMs), seed);
            var plan = new EcgPlan(ward, (warmup + steps + 1) * chunkMs / 1000.0, record);
            var stage = new BenchStage(environment, loaded, host, folder, log, work.FullName);
            return await new Measurement(this, stage, plan, warmup * patients, steps * patients, speed).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private string Folder => host.Folder;

    private void Say(string what) => host.Error.WriteLine(what);

    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>What was used and written between two moments.</summary>
    private readonly record struct Spent(UsedTime Used, JournalSizes Sizes, ProbeAnswer Node, double Load);

    /// <summary>Live heaps of nodes: without patients, after the load, and after a recovery.</summary>
    private readonly record struct HeapBytes(long Empty, long Filled, long Recovered);

    /// <summary>A run in an environment that stands.</summary>
    private sealed class Measurement(EcgBenchRun run, BenchStage stage, EcgPlan plan, long warmup, long chunks, double? speed)
    {
        private readonly PhysioOptions _options = stage.Options;
        private readonly BenchPlan _ward = plan.Ward;
        private readonly long _total = warmup + chunks;
        private readonly double _rate = speed is { } times ? plan.Ward.Patients * 1000.0 / plan.Ward.IntervalMs * times : 0;

        public async Task<EcgBenchReport> RunAsync(CancellationToken cancellationToken)
        {
            await using PhysioProcess node = stage.StartNode(out string socket);
            _ = await stage.UntilAsync(socket, answer => answer.TakenOver >= _options.Partitions, "take all shards over", cancellationToken).ConfigureAwait(false);
            long emptyBytes = (await BenchStage.AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false)).HeapBytes;
            int database = await stage.DatabaseAsync(cancellationToken).ConfigureAwait(false);
            if (warmup > 0)
            {
                run.Say($"Warming up with {warmup:#,0} chunks ...");
                _ = await SendAsync(0, warmup).ConfigureAwait(false);
                _ = await stage.UntilAsync(socket, answer => answer.Observations >= warmup, "make everything durable", cancellationToken).ConfigureAwait(false);
            }

            run.Say($"Sending {chunks:#,0} chunks of {_ward.Patients:#,0} patients ...");
            Spent before = await NowAsync("").ConfigureAwait(false);
            BenchLoadReport load = await SendAsync(warmup, chunks).ConfigureAwait(false);
            _ = await stage.UntilAsync(socket, answer => answer.Observations >= _total, "make everything durable", cancellationToken).ConfigureAwait(false);
            Spent after = await NowAsync("commits").ConfigureAwait(false);
            long filledBytes = (await BenchStage.AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false)).HeapBytes;

            run.Say("Killing the node, and starting another ...");
            (EcgRecoveryReport recovery, long recoveredBytes) = await RecoverAsync(node, cancellationToken).ConfigureAwait(false);

            run.Say("Checking the journal, and finding the beats in the samples themselves ...");
            long[] due = stage.ReadDue();
            var check = new EcgJournalCheck(_options, run.Folder, plan, due);
            EcgVerification verification = await check.RunAsync(cancellationToken).ConfigureAwait(false);
            if (due.Length != _total + _ward.Patients)
                verification = verification with { Difference = $"{due.Length} chunks were noted as sent, {_total + _ward.Patients} were wanted." };
            await using var journal = new PostgresJournalAdministration(_options.Postgres, _options.Topics.Schema);
            DurableSettings settings = await journal.ReadDurableSettingsAsync(cancellationToken).ConfigureAwait(false);
            return Report(before, after, load, recovery, new(emptyBytes, filledBytes, recoveredBytes), due, check.Beats, verification, settings);

            async Task<BenchLoadReport> SendAsync(long first, long count)
            {
                await using PhysioProcess generator = stage.StartGenerator(_ward, first, count, _rate, plan.Arguments());
                return await stage.ReportAsync(generator, cancellationToken).ConfigureAwait(false);
            }

            async Task<Spent> NowAsync(string question)
            {
                UsedTime used = stage.Used(node, database);
                JournalSizes sizes = await JournalSizes.ReadAsync(_options.Postgres, _options.Topics.Schema, cancellationToken).ConfigureAwait(false);
                return new(used, sizes, await BenchStage.AskAsync(socket, question, cancellationToken).ConfigureAwait(false), LoadAverage());
            }
        }

        /// <summary>Kills the node and starts another; one more chunk of each patient waits for it meanwhile.</summary>
        private async Task<(EcgRecoveryReport Report, long HeapBytes)> RecoverAsync(PhysioProcess node, CancellationToken cancellationToken)
        {
            await BenchStage.KillAsync(node, cancellationToken).ConfigureAwait(false);
            long began = run._clock.NowUs;
            await using PhysioProcess next = stage.StartNode(out string socket);
            await using PhysioProcess generator = stage.StartGenerator(_ward, _total, _ward.Patients, 0, plan.Arguments());
            _ = await stage.ReportAsync(generator, cancellationToken).ConfigureAwait(false);
            _ = await stage.UntilAsync(socket, answer => answer.Observations >= _ward.Patients, "serve all patients again", cancellationToken).ConfigureAwait(false);
            ProbeAnswer answer = await BenchStage.AskAsync(socket, "commits", cancellationToken).ConfigureAwait(false);
            var report = new EcgRecoveryReport(BenchStage.Seconds(began, answer.TakenOverUs), BenchStage.Seconds(answer.TakenOverUs, answer.Commits.Max(commit => commit.TimeUs)), answer.Recovered);
            return (report, (await BenchStage.AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false)).HeapBytes);
        }

        private EcgBenchReport Report(
            in Spent before, in Spent after, BenchLoadReport load, EcgRecoveryReport recovery, HeapBytes heap, long[] due, List<(int Record, long PeakMs)> beats, EcgVerification verification, DurableSettings settings)
        {
            var durable = new DurableTimes(after.Node.Commits, _ward.PartitionsOf(_options.Partitions), _options.Partitions, (int)_total);
            StretchReport measured = durable.Stretch(due, warmup, _total);
            StretchReport last = durable.Stretch(due, _total - (chunks / 10), _total);
            (Percentiles fromDue, Percentiles fromPeak) = Beats(durable, due, beats);
            UsedTime used = after.Used - before.Used;
            JournalSizes written = after.Sizes - before.Sizes;
            double patientSeconds = chunks * _ward.IntervalMs / 1000.0;
            double sent = (double)due.Length * _ward.IntervalMs / 1000;
            double generator = load.CpuMicrosecondsPerObservation * chunks;
            long snapshots = after.Node.Snapshots - before.Node.Snapshots;
            long snapshotBytes = after.Node.SnapshotBytes - before.Node.SnapshotBytes;
            bool verified = verification.Difference is null && after.Node.Observations == _total && recovery.Patients == _ward.Patients;
            return new(_options, _ward, load, settings, verification, verified)
            {
                Record = plan.Record,
                SamplesPerSecond = plan.Tracks().RateMilliHz / 1000.0,
                ChunkSeconds = _ward.IntervalMs / 1000.0,
                Speed = speed,
                SignalSeconds = patientSeconds / _ward.Patients,
                LoadAverage = new(before.Load, after.Load),
                ChunksPerSecond = measured.ObservationsPerSecond,
                PatientsAtRealTime = Math.Round(measured.ObservationsPerSecond * _ward.IntervalMs / 1000),
                Seconds = measured.Seconds,
                Commits = measured.Commits,
                KeptPace = speed is null ? null : last.JournaledMilliseconds.P99 <= InTimeMilliseconds,
                LastTenthJournaledMilliseconds = last.JournaledMilliseconds,
                CpuSecondsPerSecond = Cpu(measured.Seconds * 1e6, 3),
                CpuMicrosecondsPerPatientSecond = Cpu(patientSeconds, 1),
                ChunkJournaledMilliseconds = measured.JournaledMilliseconds,
                BeatJournaledMilliseconds = fromDue,
                PeakJournaledMilliseconds = speed == 1 ? fromPeak : null,
                ColdStart = warmup > 0 ? durable.Stretch(due, 0, warmup) : null,
                BytesAllocatedPerPatientSecond = Math.Round((after.Node.AllocatedBytes - before.Node.AllocatedBytes) / patientSeconds),
                BytesPerPatient = Math.Round((double)(heap.Recovered - heap.Empty) / _ward.Patients),
                ReckonedBytesPerPatient = Math.Round((double)verification.ApproximateBytes / _ward.Patients),
                HeapBytesAfterLoad = heap.Filled,
                JournalBytesPerPatientHour = new(
                    AnHour(verification.EntryBytes, sent), AnHour(verification.SampleBytes, sent), AnHour(snapshotBytes, patientSeconds),
                    AnHour(written.EntryBytes, patientSeconds), AnHour(written.SampleBytes, patientSeconds), AnHour(written.LogBytes, patientSeconds)),
                Snapshots = new(snapshots, Math.Round((double)snapshotBytes / Math.Max(1, snapshots))),
                Recovery = recovery,
            };

            EcgCpuReport Cpu(double per, int digits) => new(Math.Round(used.Node / per, digits), Math.Round(used.Broker / per, digits), Math.Round(used.Database / per, digits), Math.Round(generator / per, digits));
        }

        private static double AnHour(long bytes, double seconds) => Math.Round(bytes * 3600 / seconds);

        /// <summary>For the beats found in the measured stretch, milliseconds until they were durable: from when their chunk was due, and from when their R peak was at the pace of real time.</summary>
        private (Percentiles FromDue, Percentiles FromPeak) Beats(DurableTimes durable, long[] due, List<(int Record, long PeakMs)> beats)
        {
            var fromDue = new List<double>();
            var fromPeak = new List<double>();
            foreach ((int record, long peakMs) in beats)
            {
                if (record < warmup || record >= _total || durable[record] == 0)
                    continue;
                double milliseconds = (durable[record] - due[record]) / 1000.0;
                fromDue.Add(milliseconds);
                fromPeak.Add(milliseconds + _ward.TimeMs((record / _ward.Patients) + 1) - peakMs);
            }

            return (Percentiles.Of(fromDue), Percentiles.Of(fromPeak));
        }
    }
}
