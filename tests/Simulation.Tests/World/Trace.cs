using Microsoft.Extensions.Logging;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>The log of all nodes of a run with simulated time, for the run that is looked at.</summary>
internal sealed class Trace(SimulatedWorld world) : ILogger
{
    private readonly List<string> _lines = [];

    internal IReadOnlyList<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        const int bound = 5000;
        if (_lines.Count < bound)
            _lines.Add($"{TimeSpan.FromTicks(world.Now).TotalSeconds,8:0.000} {formatter(state, exception)} {exception}");
    }
}
