using System.Text;
using System.Text.Unicode;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Patients;

namespace PhysioActors.Shared.Commands;

/// <summary>What is gathered while the fields of a command are read, in whatever form and order they come.</summary>
internal sealed class CommandFields
{
    public ReadOnlyMemory<byte> Patient { get; private set; }

    public CommandKind? Kind { get; set; }

    public string? AnomalyId { get; private set; }

    public string? By { get; private set; }

    public string? Reason { get; private set; }

    public long? TimeMs { get; set; }

    public bool IsUnknownVersion { get; set; }

    /// <summary>The first problem.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>Keeps a problem unless there is one already.</summary>
    public void Note(RefusalReason reason, string field, string detail) => Problem ??= new(reason, field, detail);

    /// <summary>Most bytes of a text field.</summary>
    public static int Longest(string field) => field switch
    {
        "anomalyId" => CommandRules.LongestAnomalyId,
        "reason" => CommandRules.LongestReason,
        _ => CommandRules.LongestName,
    };

    /// <summary>Takes a text field.</summary>
    public void SetText(string field, ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            Note(RefusalReason.InvalidUtf8, field, $"The {field} is not UTF-8.");
            return;
        }

        if (IdText.Check(utf8.Span, Longest(field)) is { } problem)
        {
            Note(RefusalReason.InvalidId, field, $"The {field} {problem}.");
            return;
        }

        switch (field)
        {
            case "patient":
                Patient = utf8;
                break;
            case "anomalyId":
                AnomalyId = Encoding.UTF8.GetString(utf8.Span);
                break;
            case "by":
                By = Encoding.UTF8.GetString(utf8.Span);
                break;
            case "reason":
                Reason = Encoding.UTF8.GetString(utf8.Span);
                break;
            default:
                SetKind(utf8.Span);
                break;
        }
    }

    private void SetKind(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("acknowledge"u8))
            Kind = CommandKind.Acknowledge;
        else
            Note(RefusalReason.Unsupported, "command", $"The command '{Observations.Decoding.JsonText.Show(word)}' is none that this version knows; it knows '{CommandRules.Acknowledge}'.");
    }
}
