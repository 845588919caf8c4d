using System.Text;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;

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
