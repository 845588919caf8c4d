using System.Collections;
using PhysioActors.Seed.Commands;

namespace PhysioActors.Seed.Tests;

/// <summary>Runs command lines inside the test's process, in an empty folder and with no environment.</summary>
internal sealed class TestHost : IDisposable
{
    public TestHost()
    {
        Folder = Directory.CreateTempSubdirectory("physio-test-").FullName;
        // The embedded database may run as another user, who must be able to pass.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    public string Folder { get; }

    public Hashtable Environment { get; } = [];

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public Task<int> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) => PhysioCommandLine.RunAsync(arguments, ToHost(), cancellationToken);

    public CommandHost ToHost() => new() { Output = Output, Error = Error, Environment = Environment, Folder = Folder, IsInteractive = false, IsErrorInteractive = false, Time = TimeProvider.System };

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A command that goes on while the test does.</summary>
    internal sealed class Run(TestHost host, string[] arguments, CancellationToken cancellationToken) : IDisposable
    {
        public Task<int> Task { get; } = host.RunAsync(cancellationToken, arguments);

        public void Dispose() => ((IAsyncResult)Task).AsyncWaitHandle.WaitOne(TimeSpan.FromMinutes(1));
    }
}
