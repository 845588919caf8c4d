using System.CommandLine;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio command</c>: what people ask of a patient's actor.</summary>
internal sealed class CommandCommand : PhysioCommand
{
    private static readonly string[] s_ageClasses = [.. Enum.GetValues<AgeClass>().Where(age => age != AgeClass.Unknown).Select(CommandWords.Text)];
    private static readonly string[] s_breathed = [.. Enum.GetValues<OxygenStatus>().Where(oxygen => oxygen != OxygenStatus.Unknown).Select(CommandWords.Text)];
    private static readonly string[] s_levels = [.. Enum.GetValues<Consciousness>().Where(level => level != Consciousness.Unknown).Select(CommandWords.Text)];

    private readonly GlobalOptions _global;
    private readonly CommandHost _host;

    public CommandCommand(GlobalOptions global, CommandHost host)
        : base("command", "Sends a person's command to a patient's actor, signed where there is a key, and follows up what became of it.",
        [
            ("command acknowledge icu:bed-7 icu:bed-7/20113/0 --by nurse.adams", "an alarm was seen; 'physio patient' shows its id"),
            ("command audio-pause icu:bed-7 120 --by nurse.adams --reason 'suction'", "two minutes without sound"),
            ("command set-limits icu:bed-7 hr --low 45 --high 130 --by dr.brown --reason athlete", "the patient's own limits"),
            ("command set-oxygen icu:bed-7 oxygen --by nurse.adams", "the early warning score counts it"),
            ("command set-limits icu:bed-7 hr --low 45 --by dr.brown --dry-run", "the record as it would be sent"),
        ])
    {
        (_global, _host) = (global, host);
        AddAlarmKinds();
        AddLimits();
        AddScoreKinds();
        AddWeightKind();
    }

    private void AddAlarmKinds()
    {
        Add(CommandKind.Acknowledge, "A person has seen an episode of an alarm: it falls silent, and is shown until it is over.",
            [("command acknowledge icu:bed-7 icu:bed-7/20113/0 --by nurse.adams", "'physio patient icu:bed-7' shows the id")],
            CommandField.AtPlace("anomalyId", CommandFieldForm.Text, "ANOMALY", "The episode, by the anomalyId that 'physio patient' and the anomalies topic show."));
        Add(CommandKind.AudioPause, "No sound for a time; alarms are still shown. A more urgent one breaks the pause.",
            [("command audio-pause icu:bed-7 120 --by nurse.adams --reason 'suction'", "two minutes")],
            Seconds());
        Add(CommandKind.AlarmPause, "No sound and no sight of alarms for a time. A more urgent one breaks the pause.",
            [("command alarm-pause icu:bed-7 300 --by nurse.adams --reason 'washing'", "five minutes")],
            Seconds());
        Add(CommandKind.Resume, "Ends both pauses.",
            [("command resume icu:bed-7 --by nurse.adams", "alarms sound and are shown again")]);
    }

    private void AddLimits()
    {
        CommandField low = Limit("low", "--low"), high = Limit("high", "--high"), desaturation = Limit("desaturation", "--desaturation");
        string signals = string.Join(", ", LimitTable.Signals.Select(signal => SignalCodes.Get(signal).Name));
        CommandField signal = CommandField.AtPlace("signal", CommandFieldForm.Text, "SIGNAL", $"The signal: {signals}; or its LOINC code.");
        var standard = new Option<bool>("--standard") { Description = "The standard limits hold again, all of them." };
        Add(CommandKind.SetLimits, "The patient's own limits of a signal. A limit that is left out stays as it is.",
        [
            ("command set-limits icu:bed-7 hr --low 45 --high 130 --by dr.brown --reason 'trained athlete'", "both at once"),
            ("command set-limits icu:bed-7 spo2 --low 86 --desaturation 78 --by dr.brown", "in percent"),
            ("command set-limits icu:bed-7 hr --standard --by dr.brown", "back to the standard limits"),
        ],
            Refuse,
            signal, low, high, desaturation,
            CommandField.ByOption("ageClass", CommandFieldForm.Text, "--age-class", "CLASS", $"For whom the limits are meant: they are refused when the patient is of another age class. One of {string.Join(", ", s_ageClasses)}.", words: s_ageClasses))
            .Add(standard);

        CommandFailedException? Refuse(ParseResult parse)
        {
            string of = signal.Text(parse)!;
            if (!SignalCodes.TryFind(System.Text.Encoding.UTF8.GetBytes(of), out SignalCode code) || !LimitTable.Signals.Contains(code))
                return new($"SIGNAL is '{of}', which has no limits.", $"It must be one of {signals}, or the LOINC code of one.", ExitCodes.Usage);
            // To leave everything out means 'standard' in the message; a person who forgot an option did not mean that.
            CommandField[] given = [.. new[] { low, high, desaturation }.Where(limit => limit.IsGiven(parse))];
            return (given.Length > 0, parse.GetValue(standard)) switch
            {
                (false, false) => new(
                    $"No limit is given for {of}.", $"Give --low N or --high N or both{(code == SignalCode.SpO2 ? ", or --desaturation N" : "")}, in {SignalCodes.Get(code).Ucum}; or --standard for the standard limits.", ExitCodes.Usage),
                (true, true) => new($"--standard brings the standard limits of {of} back, and {given[0].Place} sets one that is not.", "Give either. To have one limit of your own and the standard for the others takes two commands, --standard first.", ExitCodes.Usage),
                _ => null,
            };
        }
    }

    private void AddScoreKinds()
    {
        CommandField born = CommandField.ByOption("birthDate", CommandFieldForm.Text, "--birth-date", "DAY", "The day of birth, as 1969-07-20."),
            aged = CommandField.ByOption("ageClass", CommandFieldForm.Text, "--age-class", "CLASS", $"In place of the day of birth, one of {string.Join(", ", s_ageClasses)}.", words: s_ageClasses),
            pregnant = CommandField.ByOption("pregnant", CommandFieldForm.YesNo, "--pregnant", "yes|no", "Whether the patient is pregnant; NEWS2 does not apply then.", words: ["yes", "no"]);
        Add(CommandKind.SetDemographics, "Age and pregnancy: standard limits and the early warning score go by them.",
        [
            ("command set-demographics icu:bed-7 --birth-date 1969-07-20 --by clerk.jones", "the day of birth"),
            ("command set-demographics icu:bed-7 --age-class adult --pregnant yes --by dr.brown", "where the day is not known"),
        ],
            parse => (born.IsGiven(parse), aged.IsGiven(parse), pregnant.IsGiven(parse)) switch
            {
                (true, true, _) => new("--birth-date and --age-class both say the age.", "Give the day of birth where it is known, and else the age class.", ExitCodes.Usage),
                (false, false, false) => new("Nothing is said of the patient.", "Give --birth-date, --age-class or --pregnant, at least one.", ExitCodes.Usage),
                _ => null,
            },
            born, aged, pregnant);
        Add(CommandKind.SetSpO2Scale, "NEWS2's scale of oxygen saturation. Scale 2 is a clinician's order, for patients with hypercapnic respiratory failure.",
            [("command set-spo2-scale icu:bed-7 2 --by dr.brown --reason 'COPD, target 88 to 92 %'", "scale 2")],
            CommandField.AtPlace("spo2Scale", CommandFieldForm.Whole, "SCALE", "1 or 2.", "1", "2"));
        Add(CommandKind.SetOxygen, "What the patient breathes: room air, or any supplemental oxygen.",
            [("command set-oxygen icu:bed-7 oxygen --by nurse.adams", "supplemental oxygen")],
            CommandField.AtPlace("oxygen", CommandFieldForm.Text, "STATUS", $"One of {string.Join(", ", s_breathed)}.", s_breathed));
        Add(CommandKind.SetConsciousness, "The level of consciousness, ACVPU.",
            [("command set-consciousness icu:bed-7 confusion --by nurse.adams", "new confusion")],
            CommandField.AtPlace("consciousness", CommandFieldForm.Text, "LEVEL", $"One of {string.Join(", ", s_levels)}; confusion is new confusion.", s_levels));
    }

    private void AddWeightKind() => Add(CommandKind.ConfirmWeight, "A person stands for a weight that was rejected.",
        [("command confirm-weight icu:bed-7 --weight 96.2 --measured-at 2026-11-21T08:00:00Z --by nurse.adams --reason 'weighed again'", "as it was measured")],
        CommandField.ByOption("weight", CommandFieldForm.Number, "--weight", "KG", "The weight as it was measured, in kilograms.", isRequired: true),
        CommandField.ByOption("measuredAt", CommandFieldForm.Text, "--measured-at", "TIME", "When it was measured, as 2026-11-21T08:00:00Z.", isRequired: true));

    private CommandKindCommand Add(CommandKind kind, string description, IReadOnlyList<(string Arguments, string Purpose)> examples, params IReadOnlyList<CommandField> fields) =>
        Add(kind, description, examples, refuse: null, fields);

    private CommandKindCommand Add(
        CommandKind kind, string description, IReadOnlyList<(string Arguments, string Purpose)> examples, Func<ParseResult, CommandFailedException?>? refuse, params IReadOnlyList<CommandField> fields)
    {
        var command = new CommandKindCommand(_global, _host, kind, description, examples, fields, refuse);
        const string set = "set-";
        if (command.Name.StartsWith(set, StringComparison.Ordinal))
            command.Aliases.Add(command.Name[set.Length..]);
        Add(command);
        return command;
    }

    private static CommandField Seconds() => CommandField.AtPlace("duration", CommandFieldForm.Whole, "SECONDS", "How long, from the command's time on: 1 to 3600 s.");

    private static CommandField Limit(string name, string option) => CommandField.ByOption(name, CommandFieldForm.Number, option, "N", $"The {name} limit, in the signal's unit{(name == "desaturation" ? "; of spo2 alone" : "")}.");
}
