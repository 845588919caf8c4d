using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
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

    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stillness = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

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
            return await new Measurement(this, environment, plan, folder, log, work.FullName).RunAsync(warmup, observations, rate, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private string Folder => host.Folder;

    private void Say(string what) => host.Error.WriteLine(what);

    /// <summary>A run in an environment that stands.</summary>
    private sealed class Measurement(BenchRun run, PhysioEnvironment environment, BenchPlan plan, string folder, string log, string work)
    {
        private readonly PhysioOptions _options = environment.Options;
        private readonly string _due = Path.Combine(work, "due");
        private int _nodes;

        public async Task<BenchReport> RunAsync(long warmup, long observations, double rate, CancellationToken cancellationToken)
        {
            await using PhysioProcess node = StartNode(out string socket);
            ProbeAnswer before = await UntilAsync(socket, answer => answer.TakenOver >= _options.Partitions, "take all shards over", cancellationToken).ConfigureAwait(false);
            long emptyBytes = (await AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false)).HeapBytes;
            int database = await DatabaseAsync(cancellationToken).ConfigureAwait(false);

            long total = warmup + observations;
            if (warmup > 0)
                await WarmUpAsync().ConfigureAwait(false);
            run.Say($"Sending {observations:#,0} observations of {plan.Patients:#,0} patients ...");
            before = await AskAsync(socket, "", cancellationToken).ConfigureAwait(false);
            var used = Used(node, database);
            (BenchLoadReport load, ProbeAnswer after, CpuReport processor, List<double> published) = await MeasureAsync().ConfigureAwait(false);
            ProbeAnswer filled = await AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false);

            run.Say("Killing the node, and starting another ...");
            (RecoveryReport recovery, double recoverySeconds, long recoveredBytes) = await RecoverAsync(node, total, cancellationToken).ConfigureAwait(false);

            run.Say("Checking the journal ...");
            long[] due = ReadDue();
            (VerificationReport verification, long payloadBytes) = await JournalCheck.RunAsync(_options, run.Folder, plan, due, cancellationToken).ConfigureAwait(false);
            if (due.Length != total + plan.Patients)
                verification = verification with { Difference = $"{due.Length} observations were noted as sent, {total + plan.Patients} were wanted." };
            StretchReport cold = Journaled(after.Commits, due, 0, warmup);
            StretchReport measured = Journaled(after.Commits, due, warmup, total);
            await using var journal = new PostgresJournalAdministration(_options.Postgres, _options.Topics.Schema);
            return new BenchReport
            {
                Patients = plan.Patients,
                Observations = observations,
                Rate = rate > 0 ? rate : null,
                IntervalSeconds = plan.IntervalMs / 1000.0,
                Partitions = _options.Partitions,
                Seed = plan.Seed,
                Estimates = _options.Estimates.Enabled,
                Machine = Machine(),
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
                Durability = await journal.ReadDurableSettingsAsync(cancellationToken).ConfigureAwait(false),
                Generator = new(Math.Round(load.Seconds, 3), load.Window),
                Verified = verification.Difference is null && after.Observations == total && recovery.Patients == plan.Patients,
                Verification = verification,
            };

            async Task WarmUpAsync()
            {
                run.Say($"Warming up with {warmup:#,0} observations ...");
                await using PhysioProcess generator = StartGenerator(0, warmup, rate);
                _ = await ReportAsync(generator, cancellationToken).ConfigureAwait(false);
                _ = await UntilAsync(socket, answer => answer.Observations >= warmup, "make everything durable", cancellationToken).ConfigureAwait(false);
            }

            async Task<(BenchLoadReport Load, ProbeAnswer After, CpuReport Processor, List<double> Published)> MeasureAsync()
            {
                using var watch = new EstimateWatch(_options);
                await using PhysioProcess generator = StartGenerator(warmup, observations, rate);
                BenchLoadReport load = await ReportAsync(generator, cancellationToken).ConfigureAwait(false);
                ProbeAnswer after = await UntilAsync(socket, answer => answer.Observations >= total, "make everything durable", cancellationToken).ConfigureAwait(false);
                var spent = Used(node, database);
                after = await AskAsync(socket, "commits", cancellationToken).ConfigureAwait(false);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false); // the last estimates are under way
                return (load, after, new(
                    Each(spent.Node - used.Node), Each(spent.Broker - used.Broker), Each(spent.Database - used.Database), Math.Round(load.CpuMicrosecondsPerObservation, 2), Each(spent.Own - used.Own)), watch.Stop());
            }

            double Each(double microseconds) => Math.Round(microseconds / observations, 2);
        }

        private PhysioProcess StartNode(out string socket)
        {
            socket = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"node{++_nodes}"));
            PhysioProcess process = PhysioProcess.Start(folder, ["node", "--attached", "--probe", socket, .. Common(), "--postgres", _options.Postgres], log);
            _ = process.Output.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return process;
        }

        private PhysioProcess StartGenerator(long first, long count, double rate) => PhysioProcess.Start(folder,
        [
            "bench-generate", "--patients", Text(plan.Patients), "--interval-ms", Text(plan.IntervalMs), "--epoch-ms", Text(plan.EpochMs), "--seed", Text(plan.Seed),
            "--first", Text(first), "--count", Text(count), "--rate", Text(rate), "--due", _due, .. Common(),
        ], log);

        private IEnumerable<string> Common() => run.OptionsForChild(_options);

        private async Task<BenchLoadReport> ReportAsync(PhysioProcess generator, CancellationToken cancellationToken)
        {
            string? line = await generator.Output.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            return line is null
                ? throw new CommandFailedException("The generator ended before it was done.", $"What it said stands in {log}.")
                : JsonSerializer.Deserialize<BenchLoadReport>(line, JsonSerializerOptions.Web)!;
        }

        private async Task<(RecoveryReport Report, double Seconds, long HeapBytes)> RecoverAsync(PhysioProcess node, long observations, CancellationToken cancellationToken)
        {
            using (Process old = Process.GetProcessById(node.Identity.Pid))
            {
                old.Kill();
                await old.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            }

            long began = run._clock.NowUs;
            await using PhysioProcess next = StartNode(out string socket);
            ProbeAnswer answer = await UntilAsync(socket, answer => answer.TakenOver >= _options.Partitions && answer.Recovered >= plan.Patients, "recover all patients", cancellationToken).ConfigureAwait(false);
            var report = new RecoveryReport(answer.Recovered, Seconds(began, answer.TakenOverUs), Seconds(answer.TakenOverUs, answer.RecoveredUs));
            // One more step, which each patient must be served with, at a gentle rate: the heap afterwards is that of patients and not of full batches.
            await using PhysioProcess generator = StartGenerator(observations, plan.Patients, GentleRate);
            _ = await ReportAsync(generator, cancellationToken).ConfigureAwait(false);
            _ = await UntilAsync(socket, next => next.Observations >= plan.Patients, "serve all patients again", cancellationToken).ConfigureAwait(false);
            return (report, Seconds(began, answer.RecoveredUs), (await AskAsync(socket, "heap", cancellationToken).ConfigureAwait(false)).HeapBytes);
        }

        private static double Seconds(long fromUs, long toUs) => Math.Round((toUs - fromUs) / 1e6, 3);

        /// <summary>The time from due to durable of the observations from number <paramref name="from"/> to before <paramref name="to"/>: which ones a commit handled is known by counting, the n-th of a partition.</summary>
        private StretchReport Journaled(IReadOnlyList<CommitNote> commits, long[] due, long from, long to)
        {
            int[] places = plan.PartitionsOf(_options.Partitions);
            var milliseconds = new List<double>();
            long[] next = new long[_options.Partitions];
            long beganUs = 0, endedUs = 0;
            int counted = 0, inFirst = 0;
            foreach (CommitNote commit in commits)
            {
                long n = next[commit.Shard];
                int before = milliseconds.Count;
                for (long left = commit.Observations; left > 0 && n < due.Length; n++)
                {
                    if (places[n % plan.Patients] != commit.Shard)
                        continue;
                    left--;
                    if (n >= from && n < to)
                        milliseconds.Add((commit.TimeUs - due[n]) / 1000.0);
                }

                next[commit.Shard] = n;
                if (milliseconds.Count == before)
                    continue;
                if (counted++ == 0)
                    (beganUs, inFirst) = (commit.TimeUs, milliseconds.Count);
                endedUs = commit.TimeUs;
            }

            double seconds = Math.Max(1e-6, (endedUs - beganUs) / 1e6);
            return new(to - from, Math.Round((milliseconds.Count - inFirst) / seconds), Math.Round(seconds, 3), counted, Percentiles.Of(milliseconds));
        }

        private long[] ReadDue() => MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(_due)).ToArray();

        private (double Node, double Broker, double Database, double Own) Used(PhysioProcess node, int database) => (
            ProcessorTime.Of(node.Identity.Pid), ProcessorTime.Of(environment.Broker!.Identity.Pid), ProcessorTime.OfFamily(database), Environment.CpuUsage.TotalTime.TotalMicroseconds);

        /// <summary>The server's first process: the parent of the one that serves us.</summary>
        private async Task<int> DatabaseAsync(CancellationToken cancellationToken)
        {
            await using var source = NpgsqlDataSource.Create(_options.Postgres);
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
            return ProcessorTime.ParentOf((int)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!);
        }

        private async Task<ProbeAnswer> UntilAsync(string socket, Predicate<ProbeAnswer> isThere, string what, CancellationToken cancellationToken)
        {
            long since = Stopwatch.GetTimestamp();
            long seen = -1;
            while (true)
            {
                ProbeAnswer? answer = null;
                try
                {
                    answer = await AskAsync(socket, "", cancellationToken).ConfigureAwait(false);
                }
                catch (SocketException)
                {
                    // It does not listen yet, or it is gone.
                }

                if (answer is not null && isThere(answer))
                    return answer;
                long progress = answer is null ? -1 : answer.Observations + answer.TakenOver;
                if (progress > seen)
                    (seen, since) = (progress, Stopwatch.GetTimestamp());
                if (Stopwatch.GetElapsedTime(since) > (seen < 0 ? s_startPatience : s_stillness))
                    throw new CommandFailedException($"The node did not {what} and made no progress for {s_stillness.TotalSeconds:0} s.", $"What it said stands in {log}.");
                await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
            }
        }

        private static async Task<ProbeAnswer> AskAsync(string socket, string question, CancellationToken cancellationToken)
        {
            using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await peer.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
            await using var stream = new NetworkStream(peer);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(question + "\n"), cancellationToken).ConfigureAwait(false);
            return (await JsonSerializer.DeserializeAsync<ProbeAnswer>(stream, JsonSerializerOptions.Web, cancellationToken).ConfigureAwait(false))!;
        }

        private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
    }

    /// <summary>What holds here, for a process in another folder, where neither the configuration file nor a relative path would be found.</summary>
    private IEnumerable<string> OptionsForChild(PhysioOptions options)
    {
        foreach (OptionEntry entry in loaded.Effective.Where(entry => entry.Source != "standard" && entry.Key is not ("Brokers" or "Postgres" or "Scoring:Model" or "Commands:Keys" or "Commands:KeyFile")))
        {
            yield return "--set";
            yield return $"{entry.Key}={entry.Value}";
        }

        yield return "--brokers";
        yield return options.Brokers;
        if (options.Scoring.Model.Length > 0)
        {
            yield return "--set";
            yield return $"Scoring:Model={Path.GetFullPath(options.Scoring.Model, host.Folder)}";
        }

        // Keys themselves never stand on a command line. One in the environment is there for the other process, too; one in the configuration file is not needed, since a benchmark sends no commands.
        if (options.Commands.KeyFile.Length > 0)
        {
            yield return "--set";
            yield return $"Commands:KeyFile={Path.GetFullPath(options.Commands.KeyFile, host.Folder)}";
        }
    }

    private static MachineReport Machine()
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return new(processor, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
    }
}
