using System.Collections;
using PhysioActors.Seed.Commands;

namespace PhysioActors.Seed.Tests;

/// <summary>Runs command lines inside the test's process, in an empty folder and with no environment.</summary>
internal sealed class TestHost : IDisposable
{
    public TestHost() => Folder = Directory.CreateTempSubdirectory("physio-test-").FullName;

    public string Folder { get; }

    public Hashtable Environment { get; } = [];

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public Task<int> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) => PhysioCommandLine.RunAsync(arguments, ToHost(), cancellationToken);

    public CommandHost ToHost() => new() { Output = Output, Error = Error, Environment = Environment, Folder = Folder, IsInteractive = false, IsErrorInteractive = false, Time = TimeProvider.System };

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
