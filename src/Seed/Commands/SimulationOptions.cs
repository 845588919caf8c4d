using System.CommandLine;
using System.Globalization;
using PhysioActors.Ingest.Producing;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Commands;

/// <summary>The options that describe a simulated ward.</summary>
internal sealed class SimulationOptions
{
    private const double LongestHours = 24 * 366;

    /// <summary>How many patients.</summary>
    public Option<int?> Patients { get; } = FeedOptions.Integer("--patients", "How many patients. Standard: 20.", 1, WardSimulator.MaximumPatients);

    private readonly Option<double?> _hours;
    private readonly Option<int?> _seed = FeedOptions.Integer("--seed", "Everything random follows from it. Standard: 1.", 0, int.MaxValue);
    private readonly Option<double?> _interval = FeedOptions.Number("--interval", "Seconds between two observations of a patient. Standard: 1.", 0.1, 3600);
    private readonly Option<double?> _episodes;
    private readonly Option<double?> _acceleration;
    private readonly Option<bool> _ecg = new("--ecg") { Description = "With an ECG: lead II at 250 Hz." };
    private readonly Option<bool> _pleth = new("--pleth") { Description = "With a plethysmogram at 125 Hz." };
    private readonly Option<string?> _labels = new("--labels") { Description = "Write the truth about the episodes to a file: JSON lines when it ends in .jsonl, else CSV.", HelpName = "FILE" };

    /// <summary>Makes the options.</summary>
    /// <param name="toLookAt">The settings of a ward that is shown and has no end, which is the standard where neither <c>--hours</c> nor <c>--until-done</c> is given; null where a ward always has an end.</param>
    public SimulationOptions(SimulationSettings? toLookAt = null)
    {
        var usual = new SimulationSettings();
        _hours = FeedOptions.Number("--hours", $"How long, in event time. Standard: {(toLookAt is null ? "1" : "1 with --until-done, else without end")}.", 0.001, LongestHours);
        _episodes = FeedOptions.Number("--episodes", $"Episodes of a patient in a day, on average. {Standard(usual.EpisodesPerPatientDay, toLookAt?.EpisodesPerPatientDay)}", 0, 48);
        _acceleration = FeedOptions.Number("--acceleration", $"How many times faster episodes come and pass. {Standard(usual.Acceleration, toLookAt?.Acceleration)}", 1, 1000);

        static string Standard(double usual, double? endless) => string.Create(CultureInfo.InvariantCulture, $"Standard: {usual}{(endless is null ? "" : $", or {endless} in a ward without end")}.");
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
            command.Add(option);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(_ecg) || result.GetValue(_pleth)) && result.GetValue(_interval) > WaveformSignals.MaximumSeconds)
                result.AddError($"--interval is more than {WaveformSignals.MaximumSeconds} s, and with waveforms an observation holds the samples since the last.");
        });
    }

    /// <summary>True for one of these options.</summary>
    public bool Owns(Option option) => All.Contains(option);

    private Option[] All => [Patients, _hours, _seed, _interval, _episodes, _acceleration, _ecg, _pleth, _labels];

    /// <summary>True when a duration was given.</summary>
    public bool HasDuration(ParseResult parse) => parse.GetValue(_hours) is not null;

    /// <summary>Checks, before anything is started, that the file of labels can be made.</summary>
    /// <exception cref="CommandFailedException">Its folder does not exist, it cannot be written, or something else than labels is there.</exception>
    public void RequireLabels(ParseResult parse, string folder)
    {
        if (parse.GetValue(_labels) is not { } labels)
            return;
        OutputFile.Check("--labels", labels, folder, labels.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? "{\"patient\":"u8 : "patient,kind,"u8).Dispose();
    }

    /// <summary>Reads them.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="folder">The folder that the labels' file is relative to.</param>
    /// <param name="target">Where the observations go.</param>
    /// <param name="settings">What happens on the ward where nothing is said; null for a usual one.</param>
    public SimulateOptions Read(ParseResult parse, string folder, KafkaTarget target, SimulationSettings? settings = null)
    {
        settings ??= new();
        RequireLabels(parse, folder);
        return new(parse.GetValue(Patients) ?? 20, TimeSpan.FromHours(parse.GetValue(_hours) ?? 1), (ulong)(parse.GetValue(_seed) ?? 1), target)
        {
            Interval = TimeSpan.FromSeconds(parse.GetValue(_interval) ?? 1),
            LabelsPath = parse.GetValue(_labels) is { } labels ? Path.GetFullPath(labels, folder) : null,
            Settings = settings with
            {
                EpisodesPerPatientDay = parse.GetValue(_episodes) ?? settings.EpisodesPerPatientDay,
                Acceleration = parse.GetValue(_acceleration) ?? settings.Acceleration,
                Ecg = parse.GetValue(_ecg),
                Pleth = parse.GetValue(_pleth),
            },
        };
    }
}
