using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PhysioActors.Seed.Composition;

/// <summary>Another process of this very program: the development broker, a node.</summary>
/// <remarks>Its standard input is a pipe that this process holds: when this process ends, however it ends, the other one can see it.</remarks>
internal sealed partial class PhysioProcess : IAsyncDisposable
{
    private const int Sigterm = 15;

    private readonly Process _process;

    private PhysioProcess(Process process) => _process = process;

    /// <summary>Its identity.</summary>
    public ProcessIdentity Identity => ProcessIdentity.Of(_process);

    /// <summary>Its standard output.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Ends when the process has ended.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>How it ended; only after <see cref="Ended"/>.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the program.</summary>
    /// <param name="folder">Its current folder.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="log">The file that its standard error is appended to; null to share ours.</param>
    public static PhysioProcess Start(string folder, IEnumerable<string> arguments, string? log)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "physio.exe" : "physio");
        var start = new ProcessStartInfo { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (log is null)
        {
            start.FileName = program;
        }
        else
        {
            // The system writes the file: what a process that is killed said last is kept, and nothing is lost when nobody reads.
            start.FileName = "/bin/sh";
            foreach (string part in (string[])["-c", "log=$1; shift; exec \"$@\" 2>>\"$log\"", "sh", log, program])
                start.ArgumentList.Add(part);
        }

        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started."));
    }

    /// <summary>Asks the process to end, waits, and ends it when it has not done so in time.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, Sigterm);
            try
            {
                await Ended.WaitAsync(patience).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                _process.Kill();
                await Ended.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Stops the process.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
