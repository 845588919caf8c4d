using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class EndpointsTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_was_written_is_found_while_its_owner_runs()
    {
        Endpoints written = Sample(ProcessIdentity.Current);
        written.Write(_host.Folder);

        Assert.Equal(written, Endpoints.Find(_host.Folder));
        Endpoints.Remove(_host.Folder);
        Assert.Null(Endpoints.Find(_host.Folder));
    }

    [Fact]
    public void The_file_of_an_owner_that_is_gone_is_stale()
    {
        // The process id is this one's, but whoever wrote the file began an hour earlier: the id was given anew.
        Sample(ProcessIdentity.Current with { StartedAt = ProcessIdentity.Current.StartedAt.AddHours(-1) }).Write(_host.Folder);

        Assert.Null(Endpoints.Find(_host.Folder));
    }

    [Fact]
    public void A_damaged_file_is_told()
    {
        Sample(ProcessIdentity.Current).Write(_host.Folder);
        File.WriteAllText(Endpoints.PathIn(_host.Folder), "{");

        Assert.Contains("is damaged", Assert.Throws<CommandFailedException>(() => Endpoints.Find(_host.Folder)).Message, StringComparison.Ordinal);
    }

    private static Endpoints Sample(ProcessIdentity owner) => new() { Cluster = "physio", Brokers = "127.0.0.1:9092", Postgres = "Host=/tmp", Incarnation = "1", Owner = owner };
}
