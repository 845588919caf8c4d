using PhysioActors.Shared.Commands;

namespace PhysioActors.Shared.Options;

/// <summary>The section <c>Commands</c>: with which keys commands are signed and checked. Both places may be used at once, and their keys are known together.</summary>
public sealed record CommandsOptions
{
    /// <summary>The keys that stand in the configuration itself: <c>id:base64</c>, several joined by commas.</summary>
    public CommandKeys Keys { get; init; } = CommandKeys.None;

    /// <summary>A file with keys, one a line, in the same form; empty for none.</summary>
    public string KeyFile { get; init; } = "";

    internal static CommandsOptions Read(OptionsReader reader) => new()
    {
        Keys = reader.Secret("Commands:Keys", CommandKeys.None, Parse, static keys => string.Join(", ", keys.Ids.Select(static id => id + ":********"))),
        KeyFile = reader.Text("Commands:KeyFile", ""),
    };

    // Somebody who said something meant a key; to go on without one would take every command.
    private static CommandKeys Parse(string text) =>
        CommandKeys.Parse(text) is { Count: > 0 } keys ? keys : throw new FormatException("There is no key in it; it must be id:base64, or several joined by commas.");
}
