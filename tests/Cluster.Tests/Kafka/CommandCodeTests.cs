using System.Text;

using Confluent.Kafka;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class CommandCodeTests
{
    [Fact]
    public async Task The_code_of_a_command_is_read_with_it_and_that_of_nothing_else()
    {
        string longest = new('x', CommandMac.LongestHeader), tooLong = longest + "yz";
        (string Expected, (string Name, string? Value)[] Headers)[] cases =
        [
            ("k:00", [("type", "command"), ("mac", "k:00")]),
            ("k:01", [("mac", "k:01"), ("content-type", "application/json"), ("type", "command")]),
            ("last", [("mac", "first"), ("type", "command"), ("mac", "last")]),
            (longest, [("type", "command"), ("mac", longest)]),
            // Cut, but still too long to be one.
            (longest + "y", [("type", "command"), ("mac", tooLong)]),
            ("", [("type", "command"), ("mac", "")]),
            ("", [("type", "command"), ("mac", null)]),
            ("", [("type", "command")]),
            ("", [("type", "command"), ("MAC", "k:00")]),
            ("", [("type", "observation"), ("mac", "k:00")]),
            ("", [("mac", "k:00")]),
        ];
        using var ward = new Ward(1);
        for (int i = 0; i < cases.Length; i++)
        {
            var headers = new Headers();
            foreach ((string name, string? value) in cases[i].Headers)
                headers.Add(name, value is null ? null : Encoding.ASCII.GetBytes(value));
            ward.Produce(0, Ward.Value(i), headers);
        }

        ward.Flush();
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        List<InboundRecord> records = await Member.TakeAsync(member.Log.Start(0, 0), cases.Length);
        Assert.Equal(cases.Select(each => each.Expected), records.Select(record => Encoding.ASCII.GetString(record.Mac.Span)));
        Assert.Equal(Enumerable.Range(0, cases.Length), records.Select(record => Ward.NumberOf(record.Value)));
    }
}
