using Microsoft.Extensions.Logging;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>The log of all nodes of a run with simulated time, for the run that is looked at.</summary>
internal sealed class Trace(SimulatedWorld world) : ILogger
{
    private const int ShardFailed = 1010;

    private readonly List<string> _lines = [];

    /// <summary>The first failure of a shard that nothing put in; null for none.</summary>
    internal string? Failure { get; private set; }

    internal IReadOnlyList<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // A shard that fails on its own, and not by a fault that was put in.
        if (eventId.Id == ShardFailed && Failure is null && exception?.Message != SimulationRun.Interrupted)
            Failure = $"{formatter(state, exception)} {exception}";
        const int bound = 5000;
        if (_lines.Count < bound)
            _lines.Add($"{TimeSpan.FromTicks(world.Now).TotalSeconds,8:0.000} {formatter(state, exception)} {exception}");
    }
}
