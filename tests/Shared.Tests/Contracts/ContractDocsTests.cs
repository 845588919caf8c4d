using System.Globalization;
using System.Text;
using System.Text.Json;

using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Estimates;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;
using PhysioActors.Shared.Tests.Observations;

namespace PhysioActors.Shared.Tests.Contracts;

/// <summary>What the documents in docs/contracts say is what the program does.</summary>
public sealed class ContractDocsTests
{
    private const int Partitions = 12;
    private static readonly string Folder = Path.Combine(Root(), "docs", "contracts");
    private static readonly string Readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
    private static readonly string AsyncApi = File.ReadAllText(Path.Combine(Folder, "asyncapi.yaml"));

    public static TheoryData<string> Observations => Files("examples", "observation*.json");

    public static TheoryData<string> Anomalies => Files("examples", "anomaly-*.json");

    public static TheoryData<string> Refused => Files("examples/refused", "*.json");

    [Fact]
    public void The_table_of_codes_is_the_programs()
    {
        foreach (SignalCodeInfo info in SignalCodes.All)
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| `{info.Name}` | {info.Display} | {info.Loinc} | `{info.Ucum}` | {info.Minimum} | {info.Maximum} | {info.Resolution} |"), Readme, StringComparison.Ordinal);
        string[] lines = [.. Readme.Split('\n').SkipWhile(line => !line.StartsWith("| code | signal", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))];
        Assert.Equal(SignalCodes.Count - 1, lines.Length);
        Assert.Contains($"enum: [{string.Join(", ", SignalCodes.All.ToArray().Select(info => info.Name))}]", AsyncApi, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_unit_that_is_taken_is_told()
    {
        foreach (SignalCodeInfo info in SignalCodes.All)
            Assert.Contains($"| {string.Join(", ", SignalUnits.Accepted(info.Code).Split(", ").Select(unit => $"`{unit}`"))}", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_reason_is_told()
    {
        string[] reasons = [.. Enum.GetValues<RefusalReason>().Where(reason => reason != RefusalReason.None).Select(reason => reason.Text())];
        Assert.All(reasons, reason => Assert.Contains($"\n| `{reason}` | ", Readme, StringComparison.Ordinal));
        Assert.Contains($"enum: [{string.Join(", ", reasons)}]", AsyncApi, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_topic_is_told()
    {
        var names = new TopicNames();
        foreach (string topic in new[] { names.Observations, names.Anomalies, names.Estimates, names.DeadLetters })
        {
            Assert.Contains($"`{topic}`", Readme, StringComparison.Ordinal);
            Assert.Contains($"address: {topic}\n", AsyncApi, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_example_is_told_of_and_every_one_told_of_is_there()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Folder, "examples"), "*.json").Select(path => Path.GetFileName(path)!))
            Assert.True(Readme.Contains(file, StringComparison.Ordinal) || file.StartsWith("observation-", StringComparison.Ordinal), file);
        foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(Readme, @"\]\(([^)#]+)\)"))
            Assert.True(Path.Exists(Path.Combine(Folder, link.Groups[1].Value)), link.Groups[1].Value);
    }

    [Theory]
    [MemberData(nameof(Observations))]
    public void An_example_of_an_observation_is_accepted_without_a_refused_reading(string file)
    {
        byte[] value = Read(file);
        using JsonDocument document = JsonDocument.Parse(value);
        Assert.True(Shared.Patients.PatientKey.TryParse(document.RootElement.GetProperty("patient").GetString()!, out string key, out _));
        var into = new DecodedObservation();
        InboundRecord record = Record(key, value, RecordType.Observation);
        Assert.Null(new ObservationDecoder().Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, into));
        int waveforms = document.RootElement.TryGetProperty("waveforms", out JsonElement found) ? found.GetArrayLength() : 0;
        Assert.Equal((document.RootElement.GetProperty("readings").GetArrayLength(), 0, waveforms, 0), (into.ReadingCount, into.RefusedCount, into.Waveforms.Count, into.RefusedWaveforms.Count));
    }

    [Fact]
    public void The_table_of_waveform_signals_is_the_programs()
    {
        WaveformSignalInfo[] signals = [.. Enumerable.Range(1, WaveformSignals.Count - 1).Select(signal => WaveformSignals.Get((WaveformSignal)signal))];
        string[] lines = [.. Readme.Split('\n').SkipWhile(line => !line.StartsWith("| signal | meaning", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))];
        Assert.Equal(signals.Length, lines.Length);
        foreach ((string line, WaveformSignalInfo signal) in lines.Zip(signals))
        {
            Assert.StartsWith($"| `{signal.Name}` | ", line, StringComparison.Ordinal);
            Assert.EndsWith($" | `{signal.Unit}` |", line, StringComparison.Ordinal);
        }

        Assert.Contains($"enum: [{string.Join(", ", signals.Select(signal => signal.Name))}]", AsyncApi, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bounds_of_waveforms_are_the_programs()
    {
        string[] rows = [.. Readme.Split('\n').Where(line => line.StartsWith("| `rate` |", StringComparison.Ordinal) || line.StartsWith("| `gain` |", StringComparison.Ordinal) || line.StartsWith("| `baseline` |", StringComparison.Ordinal))];
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{WaveformSignals.MinimumHz} to {WaveformSignals.MaximumHz} Hz"), rows[0], StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{WaveformBounds.MinimumGain} to {WaveformBounds.MaximumGain}"), rows[1], StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"-{WaveformBounds.MaximumBaseline} to {WaveformBounds.MaximumBaseline}"), rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_waveforms_means_what_the_text_says()
    {
        var into = new DecodedObservation();
        InboundRecord record = Record("icu:bed-7", Read("examples/observation-waveform.json"), RecordType.Observation);
        Assert.Null(new ObservationDecoder().Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, into));
        WaveformChunk ecg = into.Waveforms[0];
        Assert.Equal((WaveformSignal.EcgII, 250_000, 200f, 0, 12), (ecg.Signal, ecg.RateMilliHz, ecg.Gain, ecg.Baseline, ecg.Samples.Length));
        Assert.Equal((0.06f, float.NaN), (ecg.Physical(0), ecg.Physical(3)));
        Assert.Equal(into.TimeMs, WaveformBounds.EndMs(ecg));
        Assert.Equal((62_500, 0.262f), (into.Waveforms[1].RateMilliHz, into.Waveforms[1].Physical(0)));
    }

    [Fact]
    public void The_full_example_means_what_the_text_says()
    {
        var into = new DecodedObservation();
        InboundRecord record = Record("icu:bed-7", Read("examples/observation.json"), RecordType.Observation);
        Assert.Null(new ObservationDecoder().Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, into));
        Assert.Equal(
            [72, 97, 16, 121.5, 121, 37],
            into.Readings.ToArray().Where(reading => reading.HasValue).Select(reading => SignalCodes.ToValue(reading.Code, reading.Steps)));
        Assert.Equal(ReadingQuality.SensorOff, into.Readings[6].Quality);
    }

    [Fact]
    public void The_example_of_a_command_is_accepted()
    {
        InboundRecord record = Record("icu:bed-7", Read("examples/command.json"), RecordType.Command);
        Assert.Null(CommandDecoder.Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, out CommandMessage? command));
        Assert.Equal(("icu:bed-7/20113/0", "nurse.adams"), (command!.AnomalyId, command.By));
    }

    public static TheoryData<string> Commands => Files("examples", "command*.json");

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_example_of_a_command_means_what_it_says_in_both_forms(string file)
    {
        byte[] value = Read(file);
        InboundRecord record = Record("icu:bed-7", value, RecordType.Command);
        int partition = Partitioner.Partition(record.Key.Span, Partitions);
        Assert.Null(CommandDecoder.Decode(record, partition, Partitions, out CommandMessage? command));
        using JsonDocument expected = JsonDocument.Parse(value);
        using JsonDocument written = JsonDocument.Parse(CommandWriter.WriteJson(command!));
        Assert.Equal(
            expected.RootElement.EnumerateObject().Where(field => field.Name is not ("time" or "measuredAt")).Select(field => $"{field.Name}={field.Value}").Order(),
            written.RootElement.EnumerateObject().Where(field => field.Name is not ("time" or "measuredAt")).Select(field => $"{field.Name}={field.Value}").Order());
        Assert.Null(CommandDecoder.Decode(record with { Value = CommandWriter.WriteProtobuf(command!), Content = RecordContent.Protobuf }, partition, Partitions, out CommandMessage? again));
        Assert.Equal(command, again);
    }

    [Fact]
    public void Every_kind_of_command_has_an_example_and_every_word_is_told()
    {
        foreach (CommandKind kind in Enum.GetValues<CommandKind>())
        {
            string word = CommandWords.Text(kind);
            Assert.Contains(kind == CommandKind.Acknowledge ? "examples/command.json" : $"examples/command-{word}.json", ((IEnumerable<object[]>)Commands).Select(row => (string)row[0]));
            Assert.Contains($"\n| `{word}` | ", Readme, StringComparison.Ordinal);
        }

        Assert.Contains($"enum: [{string.Join(", ", Enum.GetValues<CommandKind>().Select(CommandWords.Text))}]", AsyncApi, StringComparison.Ordinal);
        Assert.Contains($"enum: [{string.Join(", ", Enum.GetValues<AgeClass>().Skip(1).Select(CommandWords.Text))}]", AsyncApi, StringComparison.Ordinal);
        Assert.Contains($"enum: [{string.Join(", ", Enum.GetValues<OxygenStatus>().Skip(1).Select(CommandWords.Text))}]", AsyncApi, StringComparison.Ordinal);
        Assert.Contains($"enum: [{string.Join(", ", Enum.GetValues<Consciousness>().Skip(1).Select(CommandWords.Text))}]", AsyncApi, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Anomalies))]
    public void An_example_of_an_anomaly_is_what_the_program_would_write(string file)
    {
        byte[] value = Read(file);
        AssertSame(value, AnomalyJson.Write(AnomalyJson.Parse(value)));
    }

    [Fact]
    public void Every_word_of_an_anomaly_is_told()
    {
        string[] kinds = [.. Enum.GetValues<AnomalyKind>().Select(AnomalyJson.Text)];
        string[] changes = [.. Enum.GetValues<AnomalyChange>().Skip(1).Select(AnomalyJson.Text)];
        string[] sounds = [.. Enum.GetValues<AlarmSound>().Skip(1).Select(AnomalyJson.Text)];
        string[] states = [.. Enum.GetValues<AnomalyState>().Select(AnomalyJson.Text)];
        string[] severities = [.. Enum.GetValues<AnomalySeverity>().Select(AnomalyJson.Text)];
        string[] origins = [.. Enum.GetValues<LimitOrigin>().Skip(1).Select(AnomalyJson.Text)];
        string[] ages = [.. Enum.GetValues<AgeClass>().Skip(1).Select(CommandWords.Text)];
        string[] bounds = [News2Json.BoundText(false), News2Json.BoundText(true)];
        string[] standings = [.. Enum.GetValues<News2Standing>().Select(News2Json.Text)];
        string[] parameters = [.. Enum.GetValues<News2Parameter>().Select(News2Json.Text)];
        foreach (string[] words in (string[][])[kinds, changes, sounds, states, severities, origins, ages, bounds, standings, parameters])
            Assert.Contains($"enum: [{string.Join(", ", words.Select(Yaml))}]", AsyncApi, StringComparison.Ordinal);
        Assert.All(changes, change => Assert.Contains($"\n| `{change}` | ", Readme, StringComparison.Ordinal));
        string[] fields = [.. Readme.Split('\n').SkipWhile(line => line != "### Anomalies").SkipWhile(line => line != "| field | meaning |").TakeWhile(line => line.StartsWith('|'))];
        string[] ofNews2 = [.. Readme.Split('\n').SkipWhile(line => line != "#### NEWS2").TakeWhile(line => line != "#### Conditions").Where(line => line.StartsWith('|'))];
        foreach ((string[] table, string field, string[] words) in new[]
        {
            (fields, "kind", kinds), (fields, "severity", severities), (fields, "state", states), (fields, "sound", sounds), (fields, "limitOrigin", origins),
            (ofNews2, "bound", bounds), (ofNews2, "standing", standings), (ofNews2, "parameter", parameters),
        })
        {
            string row = Assert.Single(table, line => line.StartsWith($"| `{field}` | ", StringComparison.Ordinal));
            Assert.All(words, word => Assert.Contains($"`{word}`", row, StringComparison.Ordinal));
        }
    }

    /// <summary>A word as YAML has it: to readers of version 1.1 <c>on</c> is true.</summary>
    private static string Yaml(string word) => word == "on" ? "'on'" : word;

    [Fact]
    public void Every_kind_of_anomaly_and_a_latched_one_have_an_example()
    {
        AnomalyMessage[] examples = [.. ((IEnumerable<object[]>)Anomalies).Select(row => AnomalyJson.Parse(Read((string)row[0])))];
        Assert.All(Enum.GetValues<AnomalyKind>(), kind => Assert.Contains(examples, example => example.Kind == kind));
        Assert.Contains(examples, example => example is { IsLatched: true, Change: AnomalyChange.Latched });
        Assert.All(Enum.GetValues<News2Standing>(), standing => Assert.Contains(examples, example => example.News2 is { } news2 && news2.Standing(standing).Any()));
        // Whoever copies an example of a limit, of a rhythm that depends on age or of NEWS2 gets one that says what it rests on.
        Assert.All(examples.Where(example => example.Threshold is not null && example.Kind is AnomalyKind.Rule or AnomalyKind.Rhythm), example => Assert.NotEqual(LimitOrigin.None, example.LimitOrigin));
        Assert.All(examples.Where(example => example.Rule == "news2" && example.Score is not null), example => Assert.Equal(News2Detail.ParameterCount, example.News2!.Parts.Count));
        Assert.All(examples.Where(example => example.News2 is not null), example => Assert.Equal(example.Score, example.News2!.Parts.Sum(part => part.Points)));
    }

    [Fact]
    public void Every_source_of_a_reading_is_told()
    {
        string[] sources = [.. Enum.GetValues<ReadingSource>().Select(source => JsonNamingPolicy.KebabCaseLower.ConvertName(source.ToString()))];
        Assert.Contains($"enum: [{string.Join(", ", sources)}]", AsyncApi, StringComparison.Ordinal);
        string row = Assert.Single(Readme.Split('\n'), line => line.StartsWith("| `source` | ", StringComparison.Ordinal));
        Assert.All(sources, source => Assert.Contains($"`{source}`", row, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_of_a_weighing_by_the_care_team_says_so()
    {
        var into = new DecodedObservation();
        InboundRecord record = Record("icu:bed-7", Read("examples/observation-weight-care-team.json"), RecordType.Observation);
        Assert.Null(new ObservationDecoder().Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, into));
        Assert.Equal(ReadingSource.CareTeam, Assert.Single(into.Readings.ToArray()).Source);
    }

    [Fact]
    public void The_example_of_an_estimate_is_what_the_program_would_write()
    {
        byte[] value = Read("examples/estimate.json");
        EstimateMessage message = EstimateJson.Parse(value);
        var writer = new EstimateWriter();
        writer.Begin(message.Patient, message.Sequence, message.TimeMs);
        foreach (SignalEstimate signal in message.Signals)
            writer.Signal(signal.Code, signal.Level, signal.LevelDeviation, signal.Seconds30, signal.Minutes2, signal.Minutes10);
        AssertSame(value, writer.End().ToArray());
    }

    [Fact]
    public void The_example_of_dead_letter_headers_is_what_the_program_would_write()
    {
        Dictionary<string, string> headers = JsonSerializer.Deserialize<Dictionary<string, string>>(Read("examples/dead-letter-headers.json"))!;
        InboundRecord record = Record("icu:bed-7", """{"patient":"icu:bed-7","time":1795262399500,"readings":[{"code":"hr","value":72,"unit":"bananas"}]}"""u8.ToArray(), RecordType.Observation) with { Offset = 41 };
        Refusal? refusal = new ObservationDecoder().Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, new DecodedObservation());
        Assert.Equal(headers, DeadLetterHeaders.Build(refusal!, record, "physio.observations", 3).ToDictionary());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_example_of_a_refused_record_is_refused_with_its_reason(string file)
    {
        using JsonDocument document = JsonDocument.Parse(Read(file));
        JsonElement example = document.RootElement;
        byte[] value = Encoding.UTF8.GetBytes(example.GetProperty("value").GetString()!);
        if (example.TryGetProperty("padTo", out JsonElement size))
        {
            int length = value.Length;
            Array.Resize(ref value, size.GetInt32());
            value.AsSpan(length).Fill((byte)' ');
        }

        Assert.Equal(MalformedRecords.TimestampMs, example.GetProperty("timestamp").GetInt64());
        Assert.True(RefusalReasons.TryParse(Text(example, "reason")!, out RefusalReason reason));
        RefusalReason readingReason = RefusalReason.None;
        Assert.True(Text(example, "readingReason") is not { } text || RefusalReasons.TryParse(text, out readingReason));
        JsonElement headers = example.TryGetProperty("headers", out JsonElement found) ? found : default;
        var record = new MalformedRecord(
            file,
            Text(example, "key") is { } key ? Encoding.UTF8.GetBytes(key) : null,
            value,
            headers.ValueKind == JsonValueKind.Object ? Text(headers, "type") : null,
            headers.ValueKind == JsonValueKind.Object ? Text(headers, "content-type") : null,
            reason,
            Text(example, "field")!,
            readingReason,
            example.TryGetProperty("misplaced", out _));
        Refusal? refusal = record.Decode(Partitions);
        Assert.Equal((reason, record.Field), (refusal?.Reason, refusal?.Field));
        if (readingReason != RefusalReason.None)
            Assert.Contains($"({readingReason.Text()})", refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_an_example_for_every_reason_that_a_single_record_can_give()
    {
        var told = Directory.EnumerateFiles(Path.Combine(Folder, "examples", "refused")).SelectMany(path =>
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new[] { Text(document.RootElement, "reason"), Text(document.RootElement, "readingReason") };
        }).ToHashSet();
        foreach (RefusalReason reason in Enum.GetValues<RefusalReason>().Except([RefusalReason.None, RefusalReason.SequenceReused, RefusalReason.HandlingFailed, RefusalReason.Unauthenticated]))
            Assert.Contains(reason.Text(), told);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement found) ? found.GetString() : null;

    private static void AssertSame(byte[] expected, byte[] actual)
    {
        using JsonDocument document = JsonDocument.Parse(expected);
        Assert.Equal(JsonSerializer.Serialize(document.RootElement), Encoding.UTF8.GetString(actual));
    }

    private static InboundRecord Record(string key, byte[] value, RecordType type) =>
        new(0, MalformedRecords.TimestampMs, Encoding.UTF8.GetBytes(key), value, type, RecordContent.Json);

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    private static TheoryData<string> Files(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, folder), pattern).Select(path => $"{folder}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PhysioActors.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("PhysioActors.sln was not found above the tests.");
    }
}
