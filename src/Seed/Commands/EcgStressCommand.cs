using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Seed.Clinical;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio ecg stress</c>: how beats are found in noise.</summary>
internal sealed class EcgStressCommand : PhysioCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    private readonly Argument<string[]> _records = new("RECORD") { Description = "Clean WFDB records with annotations (.atr), or folders of them.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _leads = FeedOptions.Integer("--leads", "Leads of the ECG to use. Standard: 2.", 1, BeatDetector.MaximumLeads);
    private readonly Option<bool> _json = new("--json") { Description = "Print the figures as JSON." };

    public EcgStressCommand(CommandHost host)
        : base("stress", "Adds mains hum, baseline wander, muscle noise, electrode motion and pacer spikes to clean records and scores the beats found; and tries signals that no heart made.",
        [
            ("ecg stress mitdb/112 mitdb/122", "a table"),
            ("ecg stress mitdb/112 mitdb/122 --json", "for a script"),
        ])
    {
        Add(_records);
        foreach (Option option in (Option[])[_leads, _json])
            Add(option);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, host, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parse, CommandHost host, CancellationToken cancellationToken)
    {
        IReadOnlyList<EcgAnnotatedRecord> records = EcgRecords.ReadAnnotated(EcgRecords.Find(parse.GetValue(_records)!, host));
        bool json = parse.GetValue(_json);
        TextWriter table = json ? host.Error : host.Output;
        table.WriteLine("noise             level      TP    FN    FP     Se %    PPV %");
        List<EcgStressLine> noise = [];
        foreach (EcgStressLine line in EcgStress.Run(records, parse.GetValue(_leads) ?? BeatDetector.MaximumLeads, cancellationToken))
        {
            noise.Add(line);
            string unit = line.Noise == nameof(EcgNoiseKind.PacerSpikes) ? "mV" : "dB";
            table.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{line.Noise ?? "none",-16} {(line.Level is { } level ? $"{level:0} {unit}" : ""),6} {line.TruePositives,7} {line.FalseNegatives,5} {line.FalsePositives,5} {100 * line.Sensitivity,8:0.00} {100 * line.PositivePredictivity,8:0.00}"));
        }

        table.WriteLine();
        table.WriteLine("signal                              beats/min  lead");
        List<EcgArtificialLine> artificial = [];
        foreach (EcgArtificialLine line in EcgStress.RunArtificial())
        {
            artificial.Add(line);
            table.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Signal,-35} {line.BeatsPerMinute,9:0.0}  {line.Quality}"));
        }

        if (json)
            host.Output.WriteLine(JsonSerializer.Serialize(new EcgStressReport(noise, artificial), s_json));
        return ExitCodes.Ok;
    }
}

/// <summary>The JSON of a stress test.</summary>
internal sealed record EcgStressReport(IReadOnlyList<EcgStressLine> Noise, IReadOnlyList<EcgArtificialLine> Artificial);
