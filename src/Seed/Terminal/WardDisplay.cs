using Spectre.Console;

namespace PhysioActors.Seed.Terminal;

/// <summary>Shows how a ward goes on: redrawn in place on a terminal, otherwise a line now and then.</summary>
internal static class WardDisplay
{
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);

    /// <summary>Shows snapshots until <paramref name="until"/> ends, and the last one then.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isTerminal">True to redraw in place.</param>
    /// <param name="take">Gives the current snapshot.</param>
    /// <param name="until">Ends the display; its own outcome is not looked at.</param>
    /// <param name="time">The clock.</param>
    public static async Task ShowAsync(TextWriter writer, bool isTerminal, Func<WardSnapshot> take, Task until, TimeProvider time)
    {
        if (!isTerminal)
        {
            while (await GoesOnAsync(until, s_line, time).ConfigureAwait(false))
                await writer.WriteLineAsync(WardView.Line(take())).ConfigureAwait(false);
            await writer.WriteLineAsync(WardView.Line(take())).ConfigureAwait(false);
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        await console.Live(WardView.Draw(take())).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (await GoesOnAsync(until, s_redraw, time).ConfigureAwait(false))
                live.UpdateTarget(WardView.Draw(take()));
            live.UpdateTarget(WardView.Draw(take()));
        }).ConfigureAwait(false);
    }

    private static async Task<bool> GoesOnAsync(Task until, TimeSpan pause, TimeProvider time) =>
        await Task.WhenAny(until, Task.Delay(pause, time)).ConfigureAwait(false) != until;
}
