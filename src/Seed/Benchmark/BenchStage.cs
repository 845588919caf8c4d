using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using PhysioActors.Seed.Commands;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark;

/// <summary>The processes of a benchmark: starts nodes and generators in an environment that stands, asks the nodes how far they are, and reads what all of them used.</summary>
/// <param name="environment">Broker and database.</param>
/// <param name="loaded">The options that this process was given.</param>
/// <param name="host">This process.</param>
/// <param name="folder">The current folder of what is started.</param>
/// <param name="log">The file that its standard error is appended to.</param>
/// <param name="work">A folder for sockets and notes, removed afterwards.</param>
internal sealed class BenchStage(PhysioEnvironment environment, LoadedOptions loaded, CommandHost host, string folder, string log, string work)
{
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stillness = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    private int _nodes;

    /// <summary>The options, broker and database filled in.</summary>
    public PhysioOptions Options => environment.Options;

    /// <summary>The file to which generators append when each record was due.</summary>
    public string Due { get; } = Path.Combine(work, "due");

    /// <summary>Starts a node that answers on a socket.</summary>
    public PhysioProcess StartNode(out string socket)
    {
        socket = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"node{++_nodes}"));
        PhysioProcess process = PhysioProcess.Start(folder, ["node", "--attached", "--probe", socket, .. OptionsForChild(), "--postgres", Options.Postgres], log);
        _ = process.Output.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return process;
    }

    /// <summary>Starts a generator.</summary>
    /// <param name="plan">What it sends.</param>
    /// <param name="first">The first record's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="rate">Records a second; 0 for as fast as there is room.</param>
    /// <param name="more">Further arguments.</param>
    public PhysioProcess StartGenerator(BenchPlan plan, long first, long count, double rate, IEnumerable<string> more) => PhysioProcess.Start(folder,
    [
        "bench-generate", "--patients", Text(plan.Patients), "--interval-ms", Text(plan.IntervalMs), "--epoch-ms", Text(plan.EpochMs), "--seed", Text(plan.Seed),
        "--first", Text(first), "--count", Text(count), "--rate", Text(rate), "--due", Due, .. more, .. OptionsForChild(),
    ], log);

    /// <summary>Waits until a generator is done, and gives what it says of itself.</summary>
    public async Task<BenchLoadReport> ReportAsync(PhysioProcess generator, CancellationToken cancellationToken)
    {
        string? line = await generator.Output.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return line is null
            ? throw new CommandFailedException("The generator ended before it was done.", $"What it said stands in {log}.")
            : JsonSerializer.Deserialize<BenchLoadReport>(line, JsonSerializerOptions.Web)!;
    }

    /// <summary>When each record was due, microseconds since 1970 UTC, in the order of the records.</summary>
    public long[] ReadDue() => MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(Due)).ToArray();

    /// <summary>Ends a process at once, as a failing machine would.</summary>
    public static async Task KillAsync(PhysioProcess process, CancellationToken cancellationToken)
    {
        using Process old = Process.GetProcessById(process.Identity.Pid);
        old.Kill();
        await old.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Processor time used so far, microseconds.</summary>
    public UsedTime Used(PhysioProcess node, int database) => new(
        ProcessorTime.Of(node.Identity.Pid), ProcessorTime.Of(environment.Broker!.Identity.Pid), ProcessorTime.OfFamily(database), Environment.CpuUsage.TotalTime.TotalMicroseconds);

    /// <summary>The database server's first process: the parent of the one that serves us.</summary>
    public async Task<int> DatabaseAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(Options.Postgres);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return ProcessorTime.ParentOf((int)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!);
    }

    /// <summary>Asks a node until it says what is wanted.</summary>
    /// <exception cref="CommandFailedException">It makes no progress.</exception>
    public async Task<ProbeAnswer> UntilAsync(string socket, Predicate<ProbeAnswer> isThere, string what, CancellationToken cancellationToken)
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

    /// <summary>Asks a node; the questions stand at <see cref="NodeProbe"/>.</summary>
    public static async Task<ProbeAnswer> AskAsync(string socket, string question, CancellationToken cancellationToken)
    {
        using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await peer.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
        await using var stream = new NetworkStream(peer);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(question + "\n"), cancellationToken).ConfigureAwait(false);
        return (await JsonSerializer.DeserializeAsync<ProbeAnswer>(stream, JsonSerializerOptions.Web, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Seconds between two times in microseconds.</summary>
    public static double Seconds(long fromUs, long toUs) => Math.Round((toUs - fromUs) / 1e6, 3);

    /// <summary>The machine that this runs on.</summary>
    public static MachineReport Machine()
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return new(processor, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
    }

    /// <summary>What holds here, for a process in another folder, where neither the configuration file nor a relative path would be found.</summary>
    private IEnumerable<string> OptionsForChild()
    {
        foreach (OptionEntry entry in loaded.Effective.Where(entry => entry.Source != "standard" && entry.Key is not ("Brokers" or "Postgres" or "Scoring:Model" or "Commands:Keys" or "Commands:KeyFile")))
        {
            yield return "--set";
            yield return $"{entry.Key}={entry.Value}";
        }

        yield return "--brokers";
        yield return Options.Brokers;
        if (Options.Scoring.Model.Length > 0)
        {
            yield return "--set";
            yield return $"Scoring:Model={Path.GetFullPath(Options.Scoring.Model, host.Folder)}";
        }

        // Keys themselves never stand on a command line. Those in the environment are there for the other process, too; those in the configuration file are not needed, since a benchmark sends no commands.
        if (Options.Commands.KeyFile.Length > 0)
        {
            yield return "--set";
            yield return $"Commands:KeyFile={Path.GetFullPath(Options.Commands.KeyFile, host.Folder)}";
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>Processor time used so far, microseconds.</summary>
/// <param name="Node">The node.</param>
/// <param name="Broker">The development broker.</param>
/// <param name="Database">PostgreSQL with all its processes.</param>
/// <param name="Own">The benchmark itself.</param>
internal readonly record struct UsedTime(double Node, double Broker, double Database, double Own)
{
    /// <summary>The difference.</summary>
    public static UsedTime operator -(UsedTime a, UsedTime b) => new(a.Node - b.Node, a.Broker - b.Broker, a.Database - b.Database, a.Own - b.Own);
}
