using System.CommandLine;
using System.Text.Json;
using PhysioActors.Seed.Benchmark;
using PhysioActors.Seed.Benchmark.Waveforms;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio bench-generate</c>: the benchmark's generator, in a process of its own.</summary>
internal sealed class BenchGenerateCommand : PhysioCommand
{
    private readonly Option<int> _patients = new("--patients") { Required = true, HelpName = "N", Description = "Patients." };
    private readonly Option<int> _interval = new("--interval-ms") { Required = true, HelpName = "MS", Description = "Event time between two records of a patient." };
    private readonly Option<long> _epoch = new("--epoch-ms") { Required = true, HelpName = "MS", Description = "Event time of the first records." };
    private readonly Option<ulong> _seed = new("--seed") { Required = true, HelpName = "N", Description = "The noise." };
    private readonly Option<long> _first = new("--first") { Required = true, HelpName = "N", Description = "The first record's number." };
    private readonly Option<long> _count = new("--count") { Required = true, HelpName = "N", Description = "How many records." };
    private readonly Option<double> _rate = new("--rate") { HelpName = "R", Description = "Records a second; 0 for as fast as there is room." };
    private readonly Option<double?> _ecgSeconds = new("--ecg-seconds") { HelpName = "S", Description = "Send an ECG in place of readings; so long for each patient." };
    private readonly Option<string?> _ecgRecord = new("--ecg-record") { HelpName = "RECORD", Description = "The ECG of this WFDB record, not a simulated one." };
    private readonly Option<string> _due = new("--due") { Required = true, HelpName = "FILE", Description = "Where the times at which records were due are appended." };

    public BenchGenerateCommand(GlobalOptions global, CommandHost host)
        : base("bench-generate", "Sends the records of a benchmark. Prints what it did as a line of JSON.",
        [
            ("bench-generate --patients 10 --interval-ms 1000 --epoch-ms 1767225600000 --seed 1 --first 0 --count 100 --due due.bin", "ten records of each of ten patients"),
        ])
    {
        Hidden = true;
        foreach (Option option in (Option[])[_patients, _interval, _epoch, _seed, _first, _count, _rate, _ecgSeconds, _ecgRecord, _due])
            Add(option);
        SetAction(async (parse, cancellationToken) =>
        {
            PhysioOptions options = global.Load(parse, host).Connected(host.Folder, needsPostgres: false);
            var plan = new BenchPlan(parse.GetValue(_patients), parse.GetValue(_interval), parse.GetValue(_epoch), parse.GetValue(_seed));
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _ = AttachedInput.EndWithAsync(ending);
            await using var due = new FileStream(Path.GetFullPath(parse.GetRequiredValue(_due), host.Folder), FileMode.Append);
            BenchLoadReport report = new BenchLoad(options, plan, Feed(parse, plan)).Run(parse.GetValue(_first), parse.GetValue(_count), parse.GetValue(_rate), due, ending.Token);
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(report, JsonSerializerOptions.Web)).ConfigureAwait(false);
            return ExitCodes.Ok;
        });
    }

    private IBenchFeed Feed(ParseResult parse, BenchPlan plan) =>
        parse.GetValue(_ecgSeconds) is { } seconds ? new EcgFeed(plan, new EcgPlan(plan, seconds, parse.GetValue(_ecgRecord)).Tracks()) : new BenchWard(plan);
}
