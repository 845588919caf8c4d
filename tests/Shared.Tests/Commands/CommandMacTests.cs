using System.Security.Cryptography;
using System.Text;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Shared.Tests.Commands;

public sealed class CommandMacTests
{
    private static readonly string Secret = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly CommandKeys Keys = CommandKeys.Parse($"ward-1:{Secret}, ward-2:{Convert.ToBase64String(new byte[40])}");
    private static readonly InboundRecord Record = new(7, 1795262400123, "icu:bed-7"u8.ToArray(), """{"a":1}"""u8.ToArray(), RecordType.Command, RecordContent.Json);

    [Fact]
    public void The_code_is_that_of_the_documented_form()
    {
        byte[] form =
        [
            .. "physio.command.1"u8, 0, 0, 0, 6, .. "ward-1"u8, 0, 0, 0, 16, .. "application/json"u8, 0, 0, 0, 9, .. "icu:bed-7"u8, 0, 0, 0, 7, .. """{"a":1}"""u8,
        ];
        string expected = Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromBase64String(Secret), form));
        Assert.Equal($"ward-1:{expected}", Make("ward-1", Record));
    }

    [Fact]
    public void A_right_code_passes_with_each_known_key_in_lower_and_upper_case()
    {
        Assert.Null(Check(Make("ward-1", Record), Record));
        Assert.Null(Check(Make("ward-2", Record), Record));
        string mac = Make("ward-1", Record);
        Assert.Null(Check("ward-1:" + mac[7..].ToUpperInvariant(), Record));
        InboundRecord protobuf = Record with { Content = RecordContent.Protobuf };
        Assert.Null(Check(Make("ward-1", protobuf), protobuf));
    }

    [Fact]
    public void Whatever_is_changed_is_noticed()
    {
        string mac = Make("ward-1", Record);
        InboundRecord[] changed =
        [
            Record with { Key = "icu:bed-8"u8.ToArray() },
            Record with { Value = """{"a":2}"""u8.ToArray() },
            Record with { Value = """{"a":1} """u8.ToArray() },
            Record with { Content = RecordContent.Protobuf },
            // The same bytes, divided otherwise.
            Record with { Key = "icu:bed-7{"u8.ToArray(), Value = """
                "a":1}
                """u8.ToArray() },
        ];
        Assert.All(changed, record => Refused(mac, record));
        Refused("ward-2" + mac[6..], Record);
        Refused(mac[..^1] + (mac[^1] == '0' ? '1' : '0'), Record);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ward-1")]
    [InlineData("ward-1:")]
    [InlineData(":00")]
    [InlineData("ward-1:00")]
    [InlineData("nobody:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ward-1:000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("ward-1:0000000000000000000000000000000000000000000000000000000000000000 ")]
    public void What_is_no_right_code_is_refused(string mac) => Refused(mac, Record);

    [Fact]
    public void Without_keys_everything_passes()
    {
        Assert.Equal(0, CommandKeys.None.Count);
        Assert.Equal(0, CommandKeys.Parse(" \n# nothing\n").Count);
        Assert.Null(CommandMac.Check(CommandKeys.None, Record));
        Assert.Null(CommandMac.Check(CommandKeys.None, Record with { Mac = "ward-1:00"u8.ToArray() }));
    }

    [Fact]
    public void Keys_come_from_lines_as_well_as_from_lists()
    {
        Assert.Equal(["ward-1", "ward-2"], Keys.Ids);
        Assert.Equal(["a", "b", "c.d_e-f"], CommandKeys.Parse($"# old\r\na:{Secret}\r\n\r\nb : {Secret},c.d_e-f:{Secret}\r\n").Ids);
    }

    [Theory]
    [InlineData("ward-1", "no proper id")]
    [InlineData(":AAAA", "no proper id")]
    [InlineData("wa rd:AAAA", "no proper id")]
    [InlineData("ward-1:AAAA", "has 3 bytes")]
    [InlineData("ward-1:****", "is not base64")]
    public void A_wrong_key_is_refused_without_showing_it(string text, string says)
    {
        FormatException thrown = Assert.Throws<FormatException>(() => CommandKeys.Parse(text));
        Assert.Contains(says, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("****", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_code_fits_and_one_byte_more_is_none()
    {
        string id = new('k', CommandKeys.LongestId);
        CommandKeys keys = CommandKeys.Parse($"{id}:{Secret}");
        string mac = CommandMac.Make(keys, id, Record.Key.Span, Record.Content, Record.Value.Span);
        Assert.Equal(CommandMac.LongestHeader, mac.Length);
        Assert.Null(CommandMac.Check(keys, Record with { Mac = Encoding.ASCII.GetBytes(mac) }));
        Assert.NotNull(CommandMac.Check(keys, Record with { Mac = Encoding.ASCII.GetBytes(mac + "0") }));
    }

    [Fact]
    public void Keys_of_two_places_are_known_together_unless_an_id_stands_in_both()
    {
        CommandKeys both = CommandKeys.Parse($"a:{Secret}").With(CommandKeys.Parse($"b:{Secret}"));
        Assert.Equal(["a", "b"], both.Ids);
        Assert.Equal(["a", "b"], both.With(CommandKeys.None).Ids);
        FormatException thrown = Assert.Throws<FormatException>(() => both.With(CommandKeys.Parse($"b:{Secret}")));
        Assert.Equal("Two keys for commands have the id 'b'; give each its own.", thrown.Message);
    }

    [Fact]
    public void Two_keys_with_one_id_are_refused()
    {
        Assert.Throws<FormatException>(() => CommandKeys.Parse($"a:{Secret},a:{Secret}"));
        Assert.Throws<FormatException>(() => CommandKeys.Parse(string.Join(',', Enumerable.Range(0, 17).Select(i => $"k{i}:{Secret}"))));
        Assert.Throws<ArgumentException>(() => Make("nobody", Record));
    }

    private static string Make(string keyId, in InboundRecord record) => CommandMac.Make(Keys, keyId, record.Key.Span, record.Content, record.Value.Span);

    private static Refusal? Check(string mac, in InboundRecord record) => CommandMac.Check(Keys, record with { Mac = Encoding.ASCII.GetBytes(mac) });

    private static void Refused(string mac, InboundRecord record)
    {
        Refusal? refusal = Check(mac, record);
        Assert.Equal((RefusalReason.Unauthenticated, "headers.mac"), (refusal?.Reason, refusal?.Field));
    }
}
