using System.Text;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Commands;

public sealed class CommandTests
{
    private const int Partitions = 8;
    private static readonly CommandMessage Command = new("icu:bed-7", CommandKind.Acknowledge, "icu:bed-7/12/0", "Dr. Gräy", "seen \"it\"", 1795262400123);

    [Fact]
    public void A_command_comes_back_from_both_forms()
    {
        Assert.Equal(Command, Decode("icu:bed-7", CommandWriter.WriteJson(Command), RecordContent.Json));
        Assert.Equal(Command, Decode("icu:bed-7", CommandWriter.WriteProtobuf(Command), RecordContent.Protobuf));
        CommandMessage bare = Command with { Reason = null };
        Assert.Equal(bare, Decode("icu:bed-7", CommandWriter.WriteJson(bare), RecordContent.Json));
        Assert.Equal(bare, Decode("icu:bed-7", CommandWriter.WriteProtobuf(bare), RecordContent.Protobuf));
    }

    public static TheoryData<CommandMessage> Kinds =>
    [
        New(CommandKind.AudioPause) with { DurationSeconds = 120 },
        New(CommandKind.AlarmPause) with { DurationSeconds = 3600 },
        New(CommandKind.Resume),
        New(CommandKind.SetLimits) with { Signal = SignalCode.SpO2, Low = 88, High = 99.5, Desaturation = 80, AgeClass = AgeClass.Neonate },
        New(CommandKind.SetLimits) with { Signal = SignalCode.CoreTemperature, High = 38.25 },
        New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate },
        New(CommandKind.SetDemographics) with { BirthDate = new(1969, 7, 20), Pregnant = false },
        New(CommandKind.SetDemographics) with { AgeClass = AgeClass.School },
        New(CommandKind.SetDemographics) with { Pregnant = true },
        New(CommandKind.SetSpO2Scale) with { SpO2Scale = 2 },
        New(CommandKind.SetOxygen) with { Oxygen = OxygenStatus.Air },
        New(CommandKind.SetConsciousness) with { Consciousness = Consciousness.Confusion },
        New(CommandKind.ConfirmWeight) with { MeasuredAtMs = 1795262300000, WeightKilograms = 81.25 },
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_command_comes_back_from_both_forms(CommandMessage command)
    {
        Assert.Equal(command, Decode("icu:bed-7", CommandWriter.WriteJson(command), RecordContent.Json));
        Assert.Equal(command, Decode("icu:bed-7", CommandWriter.WriteProtobuf(command), RecordContent.Protobuf));
    }

    [Fact]
    public void Every_kind_is_among_them() =>
        Assert.Equal(Enum.GetValues<CommandKind>(), ((IEnumerable<object[]>)Kinds).Select(row => ((CommandMessage)row[0]).Kind).Append(CommandKind.Acknowledge).Distinct().Order());

    [Fact]
    public void Fields_of_other_kinds_are_left_aside_as_unknown_ones_are()
    {
        byte[] value = """{"patient":"icu:bed-7","command":"resume","by":"x","duration":99999,"signal":"hr","low":80,"high":20,"anomalyId":"a","time":1795262400123,"later":[1]}"""u8.ToArray();
        Assert.Equal(New(CommandKind.Resume) with { By = "x", Reason = null }, Decode("icu:bed-7", value, RecordContent.Json));
    }

    [Theory]
    [InlineData("8867-4")]
    [InlineData("hr")]
    public void A_signal_goes_by_name_or_LOINC_code(string signal)
    {
        byte[] value = Encoding.UTF8.GetBytes($$"""{"patient":"icu:bed-7","command":"set-limits","by":"x","signal":"{{signal}}","low":45}""");
        Assert.Equal(SignalCode.HeartRate, Decode("icu:bed-7", value, RecordContent.Json).Signal);
    }

    private static CommandMessage New(CommandKind kind) => new("icu:bed-7", kind, "", "Dr. Gräy", "because", 1795262400123);

    [Fact]
    public void Without_a_time_a_command_is_as_old_as_its_record()
    {
        CommandMessage command = Decode("default:x", """{"patient":"x","by":"n\u0075rse","command":"acknowledge","anomalyId":"a","new":{"v":9}}"""u8.ToArray(), RecordContent.Json);
        Assert.Equal(new("default:x", CommandKind.Acknowledge, "a", "nurse", null, 1795262400123), command);
    }

    [Fact]
    public void A_tick_comes_back_and_its_form_stays()
    {
        var tick = new TickMessage(3, 42);
        Assert.Equal("""{"v":1,"partition":3,"epoch":42}""", Encoding.ASCII.GetString(tick.Write()));
        Assert.Null(TickMessage.Decode(new(0, 0, default, tick.Write(), RecordType.Tick, RecordContent.Json), 3, out TickMessage decoded));
        Assert.Equal(tick, decoded);
    }

    private static CommandMessage Decode(string key, byte[] value, RecordContent content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        var record = new InboundRecord(0, 1795262400123, bytes, value, RecordType.Command, content);
        Assert.Null(CommandDecoder.Decode(record, Partitioner.Partition(bytes, Partitions), Partitions, out CommandMessage? command));
        Assert.NotNull(command);
        return command;
    }
}
