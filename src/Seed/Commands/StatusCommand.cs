using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Composition;
using Spectre.Console;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio status</c>: shards, owners, lag and counters of a cluster.</summary>
internal sealed class StatusCommand : PhysioCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public StatusCommand(GlobalOptions global, CommandHost host)
        : base("status", "Shows a cluster: its shards with owner, epoch, offset and lag, and what became of all records.",
        [
            ("status", "the cluster that runs in this folder"),
            ("status --json | jq .lag", "for a script"),
        ])
    {
        Add(_json);
        SetAction(async (parse, cancellationToken) =>
        {
            await using ClusterStatusReader reader = await ClusterStatusReader.ConnectAsync(global.Load(parse, host).Connected(host.Folder), cancellationToken).ConfigureAwait(false);
            ClusterStatus status = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (parse.GetValue(_json))
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(status, s_json)).ConfigureAwait(false);
            else
                Print(status, host);
            return ExitCodes.Ok;
        });
    }

    /// <summary>Prints tables for people.</summary>
    internal static void Print(ClusterStatus status, CommandHost host)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Output), Interactive = InteractionSupport.No, Ansi = host.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No });
        if (!host.IsInteractive)
            console.Profile.Width = 240;
        console.MarkupLineInterpolated($"[bold]{status.Cluster}[/]  Kafka {status.Brokers}{(status.IsDevelopmentBroker ? " (development broker)" : "")}  PostgreSQL {status.Postgres}  log {status.Incarnation}, generation {status.Generation}");
        console.MarkupLineInterpolated($"patients {N(status.Patients)}  records {N(status.RecordsIn)} = folded {N(status.Counters.Folded)} + duplicates {N(status.Counters.Duplicates)} + late {N(status.Counters.Late)} + dead letters {N(status.Counters.DeadLetters)}");
        console.MarkupLineInterpolated($"ticks {N(status.Counters.Ticks)}  commands {N(status.Counters.Commands)}  anomaly events {N(status.Counters.AnomalyEvents)}  lag {N(status.Lag)}  not published {N(status.Unpublished)}{(status.Lost > 0 ? $"  lost {N(status.Lost)}" : "")}");

        Table table = new Table { Border = TableBorder.Rounded }.AddColumns("shard", "owner", "epoch", "next offset", "end", "lag", "not published", "log time");
        foreach (ShardStatus shard in status.Shards)
        {
            table.AddRow(
                N(shard.Shard), Markup.Escape(shard.Owner ?? "-"), N(shard.Epoch), N(shard.NextOffset), N(shard.EndOffset), N(shard.Lag), N(shard.Unpublished),
                shard.LogTime?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-");
        }

        console.Write(table);
        foreach (JournalLoss loss in status.Losses)
            console.MarkupLineInterpolated($"[red]loss[/]: shard {loss.Shard}, offsets {N(loss.Wanted)} to {N(loss.First - 1)} were gone before they were handled ({loss.RecordedAt:u})");
    }

    private static string N(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
