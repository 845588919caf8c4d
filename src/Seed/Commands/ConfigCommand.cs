using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio config</c>: every option, what holds for it, and where that was said. Secrets are masked.</summary>
internal sealed class ConfigCommand : PhysioCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public ConfigCommand(GlobalOptions global, CommandHost host)
        : base("config", "Lists every option, what holds for it, and where that was said. Checks the configuration as a start would, the files that it names included.",
        [
            ("config", "what would hold for a node started here"),
            ("config --set Rules:hr-high:Limit=150 --json", "check a change before it is made"),
        ])
    {
        Add(_json);
        SetAction(parse =>
        {
            LoadedOptions loaded = global.Load(parse, host);
            CommandKeyFile.Load(loaded.Options.Commands, host.Folder, warning => host.Error.WriteLine("physio: warning: " + warning));
            ModelFile.Load(loaded.Options.Scoring.Model, host.Folder);
            OptionEntry[] shown = [.. loaded.Effective.Select(Mask)];
            if (parse.GetValue(_json))
                host.Output.WriteLine(ToJson(shown));
            else
                Print(host, shown);
            return ExitCodes.Ok;
        });
    }

    private static OptionEntry Mask(OptionEntry entry)
    {
        if (entry.Value.Length == 0)
            return entry;
        if (entry.Key == "Postgres")
            return entry with { Value = PostgresAddress.Describe(PostgresAddress.Parse(entry.Value)) };
        bool secret = entry.Key.StartsWith("Kafka:", StringComparison.Ordinal)
            && (entry.Key.Contains("password", StringComparison.OrdinalIgnoreCase) || entry.Key.Contains("secret", StringComparison.OrdinalIgnoreCase) || entry.Key.EndsWith(".pem", StringComparison.OrdinalIgnoreCase) || entry.Key.Contains("sasl.jaas", StringComparison.OrdinalIgnoreCase));
        return secret ? entry with { Value = "********" } : entry;
    }

    private static string ToJson(OptionEntry[] entries)
    {
        var root = new JsonObject();
        foreach (OptionEntry entry in entries)
            root[entry.Key] = new JsonObject { ["value"] = entry.Value, ["source"] = entry.Source };
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static void Print(CommandHost host, OptionEntry[] entries)
    {
        int keyWidth = entries.Max(entry => entry.Key.Length);
        int valueWidth = Math.Min(40, entries.Max(entry => entry.Value.Length));
        foreach (OptionEntry entry in entries)
            host.Output.WriteLine($"{entry.Key.PadRight(keyWidth)}  {(entry.Value.Length == 0 ? "-" : entry.Value).PadRight(valueWidth)}  {entry.Source}");
    }
}
