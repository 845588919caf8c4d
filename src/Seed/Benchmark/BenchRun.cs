using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Commands;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark;

/// <summary>One benchmark: starts all processes, lets the generator send, measures, kills and recovers the node, checks the journal, and stops everything.</summary>
/// <param name="loaded">The options; no broker and no database named.</param>
/// <param name="host">This process.</param>
internal sealed class BenchRun(LoadedOptions loaded, CommandHost host)
{
    private const long LongestWindowMs = 600_000;
    private const double GentleRate = 5000;

    private readonly MicrosecondClock _clock = new();

    /// <summary>Runs it.</summary>
    /// <exception cref="CommandFailedException">Something did not start, or does not go on.</exception>
    public async Task<BenchReport> RunAsync(int patients, long warmup, long observations, double rate, int intervalMs, ulong seed, CancellationToken cancellationToken)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("physio-bench-");
        string folder = Path.Combine(host.Folder, Endpoints.FolderName, "bench");
        string log = Path.Combine(folder, "bench.log");
        using ILoggerFactory logs = Logs.Create(loaded.Options.Logging with { Level = LogLevelName.Warning });
        try
        {
            await using PhysioEnvironment environment = await PhysioEnvironment.StartAsync(
                loaded.Options, folder, isFresh: true, beginIncarnation: true, Say, log, logs.CreateLogger("PhysioActors.Bench"), host.Time, cancellationToken).ConfigureAwait(false);
            // The last event lies in the past, however fast the records are sent.
            long epochMs = (_clock.NowUs / 1000) - ((((warmup + observations) / patients) + 2) * intervalMs) - 3_600_000;
            var plan = new BenchPlan(patients, intervalMs, epochMs, seed);
            var stage = new BenchStage(environment, loaded, host, folder, log, work.FullName);
            return await new Measurement(this, stage, plan).RunAsync(warmup, observations, rate, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private string Folder => host.Folder;

    private void Say(string what) => host.Error.WriteLine(what);

    /// <summary>A run in an environment that stands.</summary>
    private sealed class Measurement(BenchRun run, BenchStage stage, BenchPlan plan)
    {
        private readonly PhysioOptions _options = stage.Options;

        public async Task<BenchReport> RunAsync(long warmup, long observations, double rate, CancellationToken cancellationToken)
        {
            await using PhysioProcess node = stage.StartNode(out string socket);
            ProbeAnswer before = await stage.UntilAsync(socket, answer => answer.TakenOver >= _options.Partitions, "take all shards over", cancellationToken).ConfigureAwait(false);
            long emptyBytes = (await BenchStage.AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false)).HeapBytes;
            int database = await stage.DatabaseAsync(cancellationToken).ConfigureAwait(false);

            long total = warmup + observations;
            if (warmup > 0)
                await WarmUpAsync().ConfigureAwait(false);
            run.Say($"Sending {observations:#,0} observations of {plan.Patients:#,0} patients ...");
            before = await BenchStage.AskAsync(socket, "", cancellationToken).ConfigureAwait(false);
            UsedTime used = stage.Used(node, database);
            (BenchLoadReport load, ProbeAnswer after, CpuReport processor, List<double> published) = await MeasureAsync().ConfigureAwait(false);
            ProbeAnswer filled = await BenchStage.AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false);

            run.Say("Killing the node, and starting another ...");
            (RecoveryReport recovery, double recoverySeconds, long recoveredBytes) = await RecoverAsync(node, total, cancellationToken).ConfigureAwait(false);

            run.Say("Checking the journal ...");
            long[] due = stage.ReadDue();
            (VerificationReport verification, long payloadBytes) = await JournalCheck.RunAsync(_options, run.Folder, plan, due, cancellationToken).ConfigureAwait(false);
            if (due.Length != total + plan.Patients)
                verification = verification with { Difference = $"{due.Length} observations were noted as sent, {total + plan.Patients} were wanted." };
            var durable = new DurableTimes(after.Commits, plan.PartitionsOf(_options.Partitions), _options.Partitions, (int)total);
            StretchReport cold = durable.Stretch(due, 0, warmup);
            StretchReport measured = durable.Stretch(due, warmup, total);
            await using var journal = new PostgresJournalAdministration(_options.Postgres, _options.Topics.Schema);
            DurableSettings settings = await journal.ReadDurableSettingsAsync(cancellationToken).ConfigureAwait(false);
            bool verified = verification.Difference is null && after.Observations == total && recovery.Patients == plan.Patients;
            return new BenchReport(_options, plan, load, settings, verification, verified)
            {
                Observations = observations,
                Rate = rate > 0 ? rate : null,
                IntervalSeconds = plan.IntervalMs / 1000.0,
                ObservationsPerSecond = measured.ObservationsPerSecond,
                Seconds = measured.Seconds,
                ColdStart = warmup > 0 ? cold : null,
                Commits = measured.Commits,
                CpuMicrosecondsPerObservation = processor,
                JournaledMilliseconds = measured.JournaledMilliseconds,
                PublishedMilliseconds = Percentiles.Of(published),
                EstimatesSeen = published.Count,
                BytesAllocatedPerObservation = Math.Round((double)(after.AllocatedBytes - before.AllocatedBytes) / observations, 1),
                BytesPerPatient = Math.Round((double)(recoveredBytes - emptyBytes) / plan.Patients),
                HeapBytesAfterLoad = filled.HeapBytes,
                WindowsFull = Math.Round(Math.Min(1, (double)(total / plan.Patients) * plan.IntervalMs / LongestWindowMs), 3),
                JournalBytesPerObservation = Math.Round((double)payloadBytes / due.Length, 1),
                RecoverySeconds = recoverySeconds,
                Recovery = recovery,
            };

            async Task WarmUpAsync()
            {
                run.Say($"Warming up with {warmup:#,0} observations ...");
                await using PhysioProcess generator = stage.StartGenerator(plan, 0, warmup, rate, []);
                _ = await stage.ReportAsync(generator, cancellationToken).ConfigureAwait(false);
                _ = await stage.UntilAsync(socket, answer => answer.Observations >= warmup, "make everything durable", cancellationToken).ConfigureAwait(false);
            }

            async Task<(BenchLoadReport Load, ProbeAnswer After, CpuReport Processor, List<double> Published)> MeasureAsync()
            {
                using var watch = new EstimateWatch(_options);
                await using PhysioProcess generator = stage.StartGenerator(plan, warmup, observations, rate, []);
                BenchLoadReport load = await stage.ReportAsync(generator, cancellationToken).ConfigureAwait(false);
                ProbeAnswer after = await stage.UntilAsync(socket, answer => answer.Observations >= total, "make everything durable", cancellationToken).ConfigureAwait(false);
                UsedTime spent = stage.Used(node, database) - used;
                after = await BenchStage.AskAsync(socket, "commits", cancellationToken).ConfigureAwait(false);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false); // the last estimates are under way
                return (load, after, new(
                    Each(spent.Node), Each(spent.Broker), Each(spent.Database), Math.Round(load.CpuMicrosecondsPerObservation, 2), Each(spent.Own)), watch.Stop());
            }

            double Each(double microseconds) => Math.Round(microseconds / observations, 2);
        }

        private async Task<(RecoveryReport Report, double Seconds, long HeapBytes)> RecoverAsync(PhysioProcess node, long observations, CancellationToken cancellationToken)
        {
            await BenchStage.KillAsync(node, cancellationToken).ConfigureAwait(false);
            long began = run._clock.NowUs;
            await using PhysioProcess next = stage.StartNode(out string socket);
            ProbeAnswer answer = await stage.UntilAsync(socket, answer => answer.TakenOver >= _options.Partitions && answer.Recovered >= plan.Patients, "recover all patients", cancellationToken).ConfigureAwait(false);
            var report = new RecoveryReport(answer.Recovered, BenchStage.Seconds(began, answer.TakenOverUs), BenchStage.Seconds(answer.TakenOverUs, answer.RecoveredUs));
            // One more step, which each patient must be served with, at a gentle rate: the heap afterwards is that of patients and not of full batches.
            await using PhysioProcess generator = stage.StartGenerator(plan, observations, plan.Patients, GentleRate, []);
            _ = await stage.ReportAsync(generator, cancellationToken).ConfigureAwait(false);
            _ = await stage.UntilAsync(socket, next => next.Observations >= plan.Patients, "serve all patients again", cancellationToken).ConfigureAwait(false);
            return (report, BenchStage.Seconds(began, answer.RecoveredUs), (await BenchStage.AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false)).HeapBytes);
        }
    }
}
