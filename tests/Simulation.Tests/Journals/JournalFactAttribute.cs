using Xunit.Abstractions;
using Xunit.Sdk;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>Marks a test class whose facts need PostgreSQL's programs; where they are not installed each of its <see cref="JournalFactAttribute"/> is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute
{
    /// <summary>Why tests are skipped; null where the programs are there.</summary>
    internal static readonly string? SkipReason = Seed.Postgres.EmbeddedPostgres.IsInstalled ? null : "PostgreSQL's programs (initdb, pg_ctl, postgres) are not installed.";
}

/// <summary>A fact of the journal's contract, inherited by a test class for each journal.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("PhysioActors.Simulation.Tests.Journals.JournalFactDiscoverer", "Simulation.Tests")]
public sealed class JournalFactAttribute : FactAttribute;

/// <summary>Decides by the class, not by the method, whether a fact is skipped.</summary>
public sealed class JournalFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        TestMethodDisplay display = discoveryOptions.MethodDisplayOrDefault();
        TestMethodDisplayOptions options = discoveryOptions.MethodDisplayOptionsOrDefault();
        bool needsPostgres = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any();
        yield return needsPostgres && NeedsPostgresAttribute.SkipReason is { } reason
            ? new XunitSkippedDataRowTestCase(messages, display, options, testMethod, reason)
            : new XunitTestCase(messages, display, options, testMethod);
    }
}
