using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PhysioActors.Cluster.Tests.Kill;

/// <summary>A node that runs as a process of its own, as an operator would start it. Whatever happens to the test, it does not stay behind: its standard input ends with the test's process.</summary>
internal sealed partial class KillableNode : IAsyncDisposable
{
    internal const int KilledCode = 128 + Sigkill;

    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;
    private const int TailLines = 40;

    private readonly Process _process;
    private readonly Queue<string> _tail = new();

    private KillableNode(string name, Process process) => (Name, _process) = (name, process);

    internal string Name { get; }

    internal bool IsRunning => !_process.HasExited;

    /// <summary>True while the process is stopped by a signal.</summary>
    internal bool IsStopped
    {
        get
        {
            if (_process.HasExited)
                return false;
            // pid (name) state ...; the name may hold anything, so the last parenthesis counts.
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/stat"));
            return stat[stat.LastIndexOf(')') + 2] == 'T';
        }
    }

    /// <summary>What the node said last.</summary>
    internal string Tail
    {
        get
        {
            lock (_tail)
                return $"--- node {Name}, {(_process.HasExited ? $"ended with {_process.ExitCode}" : "running")}:\n{string.Join('\n', _tail)}";
        }
    }

    /// <summary>Starts a node in a folder.</summary>
    /// <param name="name">Its name, which stands in the rows of its shards.</param>
    /// <param name="folder">Its current folder.</param>
    /// <param name="arguments">Arguments of <c>physio node</c>.</param>
    /// <param name="fault">What happens to it by itself, as <c>AfterGuard:kill:3</c>; null for nothing.</param>
    internal static KillableNode Start(string name, string folder, IEnumerable<string> arguments, string? fault)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "physio.dll"), "node", "--name", name, "--attached", "--replay-check", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in start.Environment.Keys.Where(key => key.StartsWith("PHYSIO_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        if (fault is not null)
            start.Environment["PHYSIO_FAULT"] = fault;
        var node = new KillableNode(name, new Process { StartInfo = start });
        node._process.OutputDataReceived += node.Note;
        node._process.ErrorDataReceived += node.Note;
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        return node;
    }

    internal void Kill() => _process.Kill();

    internal void Stop() => Assert.Equal(0, Signal(_process.Id, Sigstop));

    internal void Continue() => Assert.Equal(0, Signal(_process.Id, Sigcont));

    /// <summary>Waits until the process was ended by SIGKILL, whoever sent it.</summary>
    internal async Task KilledAsync(TimeSpan patience)
    {
        await EndedAsync(patience, "was not killed");
        Assert.True(_process.ExitCode == KilledCode, $"The node should have been killed, but ended by itself.\n{Tail}");
    }

    /// <summary>Asks the node to leave, and waits until it has done so in good order.</summary>
    internal async Task LeaveAsync(TimeSpan patience)
    {
        Assert.Equal(0, Signal(_process.Id, Sigterm));
        await EndedAsync(patience, "did not leave");
        Assert.True(_process.ExitCode == 0, $"The node did not leave in good order.\n{Tail}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task EndedAsync(TimeSpan patience, string otherwise)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The node {otherwise} within {patience.TotalSeconds} s.\n{Tail}");
        }
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_tail)
        {
            _tail.Enqueue(line.Data);
            if (_tail.Count > TailLines)
                _tail.Dequeue();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
