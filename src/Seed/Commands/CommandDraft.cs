using System.Text;
using System.Text.Json.Nodes;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Seed.Commands;

/// <summary>A command as it is sent: the record's key, value and headers.</summary>
internal sealed class CommandDraft
{
    private CommandDraft(CommandMessage command, long nowMs, CommandKeys keys, string? keyId)
    {
        Command = command;
        TimestampMs = nowMs;
        Key = Encoding.UTF8.GetBytes(command.Patient);
        Value = CommandWriter.WriteJson(command);
        KeyId = keyId;
        List<KeyValuePair<string, string>> headers = [new(RecordHeaders.Type, RecordHeaders.Command), new(RecordHeaders.ContentType, RecordHeaders.Json)];
        if (keyId is not null)
            headers.Add(new(RecordHeaders.Mac, CommandMac.Make(keys, keyId, Key, RecordContent.Json, Value)));
        Headers = headers;
    }

    /// <summary>What it says.</summary>
    public CommandMessage Command { get; }

    /// <summary>The record's timestamp.</summary>
    public long TimestampMs { get; }

    /// <summary>The record's key: the patient.</summary>
    public byte[] Key { get; }

    /// <summary>The record's value, JSON.</summary>
    public byte[] Value { get; }

    /// <summary>The id of the key that it is signed with; null when it is not signed.</summary>
    public string? KeyId { get; }

    /// <summary>The record's headers, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Makes a command out of the fields that the contract gives it, judged by the contract's own decoder, so that what would be refused is not sent.</summary>
    /// <param name="fields">The message; the time is put in when it is not there.</param>
    /// <param name="patient">The patient, canonical.</param>
    /// <param name="placeOf">Where a person has said a field of the message; null for one that nobody says.</param>
    /// <param name="nowMs">Now, milliseconds since 1970 UTC.</param>
    /// <param name="keys">The known keys.</param>
    /// <param name="keyId">The key to sign with; null for the only one.</param>
    /// <exception cref="CommandFailedException">The message would be refused, or the key to sign with is not known, or not clear.</exception>
    public static CommandDraft Make(JsonObject fields, string patient, Func<string, string?> placeOf, long nowMs, CommandKeys keys, string? keyId)
    {
        var record = new InboundRecord(0, nowMs, Encoding.UTF8.GetBytes(patient), Encoding.UTF8.GetBytes(fields.ToJsonString()), RecordType.Command, RecordContent.Json);
        // Where it will lie is the sender's matter: with one partition every place is right.
        if (CommandDecoder.Decode(record, 0, 1, out CommandMessage? command) is { } refusal)
            throw new CommandFailedException(placeOf(refusal.Field) is { } place ? $"{place}: {refusal.Detail}" : refusal.Detail, $"A node would refuse the command ({refusal.Reason.Text()}), so it was not sent.", ExitCodes.Usage);
        return new(command!, nowMs, keys, ChooseKey(keys, keyId));
    }

    private static string? ChooseKey(CommandKeys keys, string? keyId)
    {
        IReadOnlyList<string> known = keys.Ids;
        if (keyId is not null)
        {
            return known.Contains(keyId, StringComparer.Ordinal)
                ? keyId
                : throw new CommandFailedException(
                    $"There is no key '{keyId}'.", known.Count > 0 ? $"Known are {string.Join(", ", known)}." : "Name keys with PHYSIO_COMMANDS__KEYS, or a file with --set Commands:KeyFile=FILE.", ExitCodes.Usage);
        }

        return known.Count switch
        {
            0 => null,
            1 => known[0],
            _ => throw new CommandFailedException($"There are {known.Count} keys to sign with.", $"Say which with --key-id: {string.Join(", ", known)}.", ExitCodes.Usage),
        };
    }
}
