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
    private readonly string _name;
    private readonly CommandFieldForm _form;
    private readonly Symbol _symbol;

    private CommandField(string name, CommandFieldForm form, Symbol symbol) => (_name, _form, _symbol) = (name, form, symbol);

    /// <summary>A field that must be there, by its place.</summary>
    /// <param name="name">Its name in the contract.</param>
    /// <param name="form">Its form there.</param>
    /// <param name="place">What help calls it.</param>
    /// <param name="description">What it means.</param>
    /// <param name="words">All that it may say; none for anything.</param>
    public static CommandField AtPlace(string name, CommandFieldForm form, string place, string description, params string[] words)
    {
        var argument = new Argument<string>(place) { Description = description };
        if (words.Length > 0)
            argument.AcceptOnlyFromAmong(words);
        return new(name, form, argument);
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
        if (words.Length > 0)
            made.AcceptOnlyFromAmong(words);
        return new(name, form, made);
    }

    /// <summary>Gives the field its place in a command.</summary>
    public void AddTo(Command command)
    {
        if (_symbol is Argument argument)
            command.Add(argument);
        else
            command.Add((Option)_symbol);
    }

    /// <summary>Puts what was said into a message; nothing when nothing was.</summary>
    /// <exception cref="CommandFailedException">It is no number, or neither yes nor no.</exception>
    public void Write(ParseResult parse, JsonObject message)
    {
        string? text = _symbol is Argument<string> argument ? parse.GetValue(argument) : parse.GetValue((Option<string?>)_symbol);
        if (text is not null)
            message[_name] = Value(text);
    }

    private JsonNode Value(string text)
    {
        switch (_form)
        {
            case CommandFieldForm.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number):
                return number;
            case CommandFieldForm.Whole when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole):
                return whole;
            case CommandFieldForm.YesNo when text is "yes" or "no":
                return text == "yes";
            case CommandFieldForm.Text:
                return text;
            default:
                string allowed = _form switch { CommandFieldForm.Number => "a number", CommandFieldForm.Whole => "a whole number", _ => "yes or no" };
                throw new CommandFailedException($"{_symbol.Name} is '{text}'; it must be {allowed}.", exitCode: ExitCodes.Usage);
        }
    }
}
