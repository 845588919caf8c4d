using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Sockets;
using Confluent.Kafka;
using Npgsql;
using PhysioActors.Ingest.Producing;
using PhysioActors.Ingest.Replay;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Postgres;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary>The program's command line: its commands, its help, and how failures are told.</summary>
internal static class PhysioCommandLine
{
    /// <summary>Makes the tree of commands.</summary>
    public static RootCommand Create(CommandHost host)
    {
        var global = new GlobalOptions();
        var root = new RootCommand("PhysioActors watches patients: vital signs come in through Kafka, every patient is a sharded, persistent actor, and what it decides leaves on Kafka topics.");
        global.AddTo(root);
        root.Add(new RunCommand(global, host));
        root.Add(new UpCommand(global, host));
        root.Add(new NodeCommand(global, host));
        root.Add(new ReplayCommand(global, host));
        root.Add(new SimulateCommand(global, host));
        root.Add(new StatusCommand(global, host));
        root.Add(new PatientCommand(global, host));
        root.Add(new TailCommand(global, host));
        root.Add(new CommandCommand(global, host));
        root.Add(new TrainCommand(global, host));
        root.Add(new WeightCommand(host));
        root.Add(new RhythmCommand(global, host));
        root.Add(new EcgCommand(host));
        root.Add(new ConfigCommand(global, host));
        root.Add(new BenchCommand(global, host));
        root.Add(new BenchGenerateCommand(global, host));
        root.Add(new DevBrokerCommand(global, host));
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: SynchronousCommandLineAction help } option)
            option.Action = new ExampledHelp(help);
        return root;
    }

    /// <summary>Runs the program.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, CommandHost host, CancellationToken cancellationToken)
    {
        RootCommand root = Create(host);
        ParseResult parse = root.Parse(arguments);
        if (arguments.Length == 0)
        {
            // Not asked for, so that it is no result: help goes to standard error, and a script sees that nothing was done.
            root.Parse("--help").Invoke(new InvocationConfiguration { Output = host.Error, Error = host.Error });
            return ExitCodes.Usage;
        }

        if (SwallowedOption(parse, arguments) is { } swallowed)
        {
            Tell(host, $"{swallowed.Option.Name} has no value: what follows it is the option {swallowed.Value}.", $"{swallowed.Option.Name} takes {swallowed.Option.HelpName ?? "a value"}: {swallowed.Option.Description}");
            return TellWhereHelpIs(parse, host);
        }

        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction)
            return TellParseErrors(parse, host);
        if (parse.Action is not (ExampledHelp or HelpAction) && UnknownOption(parse) is { } unknown)
            return TellUnknown(parse, [unknown], host);

        // Signals are Program's: it lets a command end in its own time, and a second signal ends the process.
        var configuration = new InvocationConfiguration { Output = host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parse.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailedException exception)
        {
            Tell(host, exception.Message, exception.Hint);
            return exception.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is JournalUnavailableException or NpgsqlException)
        {
            Tell(host, exception.Message, PostgresAddress.Advice);
            return ExitCodes.Failure;
        }
        catch (Exception exception) when (IsOfTheWorld(exception))
        {
            Tell(host, exception.Message, null);
            return ExitCodes.Failure;
        }
        catch (Exception exception)
        {
            Tell(host, "an unexpected failure, which is a fault of this program. Where it happened:", exception.ToString());
            return ExitCodes.Failure;
        }
    }

    /// <summary>What the machine, the network, the database or the broker refuses is no fault of ours, and its own words say what to do.</summary>
    private static bool IsOfTheWorld(Exception exception) => exception is
        IOException or UnauthorizedAccessException or TimeoutException or SocketException or DllNotFoundException
        or KafkaException or LogIncarnationException or KafkaClusterException or IngestException or RecordingSourceException or EmbeddedPostgresException;

    /// <summary>An option that was taken for the value of the one before it, as --dry-run in '--by --dry-run', where a command would be sent that was not to be; null when there is none.</summary>
    private static (Option Option, string Value)? SwallowedOption(ParseResult parse, string[] arguments)
    {
        IEnumerable<Option> options = parse.CommandResult.Command.Options.Concat(parse.RootCommandResult.Command.Options);
        HashSet<string> names = [.. options.SelectMany(option => option.Aliases.Append(option.Name))];
        foreach (Option option in options)
        {
            // What was joined to its option by '=' was meant.
            if (parse.GetResult(option)?.Tokens.FirstOrDefault(token => names.Contains(token.Value) && arguments.Contains(token.Value, StringComparer.Ordinal)) is { } token)
                return (option, token.Value);
        }

        return null;
    }

    /// <summary>An option that the command does not have, and that was taken for an argument; null when there is none. Behind <c>--</c> everything is an argument.</summary>
    private static string? UnknownOption(ParseResult parse) => parse.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(text => text.Length > 1 && text[0] == '-' && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static int TellParseErrors(ParseResult parse, CommandHost host)
    {
        if (UnknownOption(parse) is { } unknown)
            return TellUnknown(parse, [unknown], host);
        if (parse.UnmatchedTokens.Count > 0)
            return TellUnknown(parse, parse.UnmatchedTokens, host);
        foreach (string message in parse.Errors.Select(error => error.Message).Distinct())
            host.Error.WriteLine("physio: error: " + message);
        if (parse.CommandResult.Command is { Action: null } group && Names(group) is { Length: > 0 } names)
            host.Error.WriteLine($"  The commands are {string.Join(", ", names)}.");
        if (parse.CommandResult.Command is PhysioCommand { Action: not null } command && LacksSomething(parse))
            host.Error.WriteLine($"  As in: physio {command.Examples[0].Arguments}");
        return TellWhereHelpIs(parse, host);
    }

    private static bool LacksSomething(ParseResult parse) =>
        parse.CommandResult.Command.Arguments.Any(argument => (parse.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
        || parse.CommandResult.Command.Options.Any(option => option.Required && parse.GetResult(option) is null or { Implicit: true });

    private static int TellUnknown(ParseResult parse, IReadOnlyList<string> unknown, CommandHost host)
    {
        Command command = parse.CommandResult.Command;
        string[] commands = Names(command);
        string[] options = [.. command.Options.Concat(parse.RootCommandResult.Command.Options).Where(option => !option.Hidden).Select(option => option.Name)];
        foreach (string text in unknown.Distinct())
        {
            bool isOption = text.StartsWith('-');
            string what = isOption ? "option" : commands.Length > 0 ? "command" : "argument";
            host.Error.WriteLine($"physio: error: There is no {what} '{text}'.");
            string[] names = isOption ? options : commands;
            if (Spelling.Nearest(text, names) is { } near)
                host.Error.WriteLine($"  Did you mean {near}?");
            else if (!isOption && commands.Length > 0)
                host.Error.WriteLine($"  The commands are {string.Join(", ", commands)}.");
        }

        return TellWhereHelpIs(parse, host);
    }

    private static string[] Names(Command command) => [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)];

    private static int TellWhereHelpIs(ParseResult parse, CommandHost host)
    {
        string path = string.Concat(Path(parse.CommandResult).Reverse());
        host.Error.WriteLine($"  'physio{path} --help' says what is possible.");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Path(CommandResult result)
    {
        for (SymbolResult? at = result; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
            yield return " " + command.Command.Name;
    }

    private static void Tell(CommandHost host, string message, string? hint)
    {
        host.Error.WriteLine("physio: error: " + message);
        if (hint is not null)
            host.Error.WriteLine("  " + hint);
    }

    /// <summary>The usual help, then the command's examples and the exit codes.</summary>
    private sealed class ExampledHelp(SynchronousCommandLineAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int result = usual.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is PhysioCommand command)
            {
                output.WriteLine("Examples:");
                int width = command.Examples.Max(example => example.Arguments.Length);
                foreach ((string arguments, string purpose) in command.Examples)
                    output.WriteLine($"  physio {arguments.PadRight(width)}  # {purpose}");
                output.WriteLine();
            }

            output.WriteLine("Exit codes: 0 done, 1 failed, 2 wrong command line or configuration, 130 interrupted.");
            return result;
        }
    }
}
