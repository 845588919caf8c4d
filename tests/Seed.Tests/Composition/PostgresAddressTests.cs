using Npgsql;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class PostgresAddressTests
{
    [Fact]
    public void An_address_becomes_a_connection_string()
    {
        var builder = new NpgsqlConnectionStringBuilder(PostgresAddress.Parse("postgresql://ward%40b:p%2Fw@db.example:6000/physio?sslmode=verify-full&application_name=node"));

        Assert.Equal(("db.example", 6000, "ward@b", "p/w", "physio"), (builder.Host, builder.Port, builder.Username, builder.Password, builder.Database));
        Assert.Equal((SslMode.VerifyFull, "node"), (builder.SslMode, builder.ApplicationName));
    }

    [Theory]
    [InlineData("postgresql:///physio")]
    [InlineData("postgres://db/physio?nonsense=1")]
    [InlineData("Username=u")]
    [InlineData("db")]
    public void What_names_no_database_is_refused(string text) => Assert.Throws<FormatException>(() => PostgresAddress.Parse(text));
}
