using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PhysioActors.Seed.Commands;

/// <summary>The form that the contract gives a field of a command.</summary>
internal enum CommandFieldForm
{
    /// <summary>A text or a word.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>Yes or no.</summary>
    YesNo,
}

/// <summary>
/// A field of a command as an argument or option of the command line. Only its form is looked at here: what it may say is the contract's matter, whose decoder judges the whole message before it is sent.
/// </summary>
internal sealed class CommandField
{
    private readonly CommandFieldForm _form;
    private readonly Symbol _symbol;
    private readonly string[] _words;

    private CommandField(string name, CommandFieldForm form, Symbol symbol, string[] words) => (Name, _form, _symbol, _words) = (name, form, symbol, words);

    /// <summary>Its name in the contract.</summary>
    public string Name { get; }

    /// <summary>Its name on the command line.</summary>
    public string Place => _symbol.Name;

    /// <summary>A field that must be there, by its place.</summary>
    /// <param name="name">Its name in the contract.</param>
    /// <param name="form">Its form there.</param>
    /// <param name="place">What help calls it.</param>
    /// <param name="description">What it means.</param>
    /// <param name="words">All that it may say; none for anything.</param>
    public static CommandField AtPlace(string name, CommandFieldForm form, string place, string description, params string[] words)
    {
        var argument = new Argument<string>(place) { Description = description };
        argument.CompletionSources.Add(words);
        return new(name, form, argument, words);
    }

    /// <summary>A field that may be left out, or must be there, by an option.</summary>
    /// <param name="name">Its name in the contract.</param>
    /// <param name="form">Its form there.</param>
    /// <param name="option">The option.</param>
    /// <param name="helpName">What help calls its value.</param>
    /// <param name="description">What it means.</param>
    /// <param name="isRequired">Whether it must be there.</param>
    /// <param name="words">All that it may say; none for anything.</param>
    public static CommandField ByOption(string name, CommandFieldForm form, string option, string helpName, string description, bool isRequired = false, params string[] words)
    {
        var made = new Option<string?>(option) { Description = description, HelpName = helpName, Required = isRequired };
        made.CompletionSources.Add(words);
        return new(name, form, made, words);
    }

    /// <summary>Gives the field its place in a command.</summary>
    public void AddTo(Command command)
    {
        if (_symbol is Argument argument)
            command.Add(argument);
        else
            command.Add((Option)_symbol);
    }

    /// <summary>True when something was said.</summary>
    public bool IsGiven(ParseResult parse) => Text(parse) is not null;

    /// <summary>What was said; null when nothing was.</summary>
    public string? Text(ParseResult parse) => _symbol is Argument<string> argument ? parse.GetValue(argument) : parse.GetValue((Option<string?>)_symbol);

    /// <summary>Puts what was said into a message; nothing when nothing was.</summary>
    /// <exception cref="CommandFailedException">It is no number, or none of the words that are possible.</exception>
    public void Write(ParseResult parse, JsonObject message)
    {
        if (Text(parse) is { } text)
            message[Name] = Value(text);
    }

    private JsonNode Value(string text)
    {
        if (_words.Length > 0 && !_words.Contains(text, StringComparer.Ordinal))
            throw Wrong(text, _words.Length == 2 ? $"{_words[0]} or {_words[1]}" : "one of " + string.Join(", ", _words));
        return _form switch
        {
            CommandFieldForm.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : throw Wrong(text, "a number, as 36.5"),
            CommandFieldForm.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole : throw Wrong(text, "a whole number"),
            CommandFieldForm.YesNo => text == "yes",
            _ => text,
        };
    }

    private CommandFailedException Wrong(string text, string allowed) => new($"{Place} is '{text}'; it must be {allowed}.", exitCode: ExitCodes.Usage);
}
