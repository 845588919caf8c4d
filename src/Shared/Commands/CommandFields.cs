using System.Globalization;
using System.Text;
using System.Text.Unicode;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Observations.Decoding;
using PhysioActors.Shared.Patients;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Commands;

/// <summary>What is gathered while the fields of a command are read, in whatever form and order they come.</summary>
internal sealed class CommandFields
{
    public ReadOnlyMemory<byte> Patient { get; private set; }

    public CommandKind? Kind { get; private set; }

    public string? AnomalyId { get; private set; }

    public string? By { get; private set; }

    public string? Reason { get; private set; }

    public long? TimeMs { get; set; }

    public long? DurationSeconds { get; set; }

    public SignalCode Signal { get; private set; }

    public double? Low { get; set; }

    public double? High { get; set; }

    public double? Desaturation { get; set; }

    public AgeClass AgeClass { get; private set; }

    public DateOnly? BirthDate { get; private set; }

    public bool? Pregnant { get; set; }

    public long? SpO2Scale { get; set; }

    public OxygenStatus Oxygen { get; private set; }

    public Consciousness Consciousness { get; private set; }

    public long? MeasuredAtMs { get; set; }

    public double? WeightKilograms { get; set; }

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
                SetWord(field, utf8.Span);
                break;
        }
    }

    /// <summary>Takes a kind by its number.</summary>
    public void SetKind(ulong number)
    {
        if (number is >= (ulong)CommandKind.Acknowledge and <= (ulong)CommandKind.ConfirmWeight)
            Kind = (CommandKind)number;
        else if (number != 0)
            Note(RefusalReason.Unsupported, "command", $"The command {number} is none that this version knows; it knows {(int)CommandKind.Acknowledge} to {(int)CommandKind.ConfirmWeight}.");
    }

    /// <summary>Takes an age class by its number; 0 is none.</summary>
    public void SetAgeClass(ulong number) => AgeClass = (AgeClass)Known("ageClass", number, (ulong)AgeClass.Adult);

    /// <summary>Takes an oxygen status by its number; 0 is none.</summary>
    public void SetOxygen(ulong number) => Oxygen = (OxygenStatus)Known("oxygen", number, (ulong)OxygenStatus.Oxygen);

    /// <summary>Takes a level of consciousness by its number; 0 is none.</summary>
    public void SetConsciousness(ulong number) => Consciousness = (Consciousness)Known("consciousness", number, (ulong)Consciousness.Unresponsive);

    private byte Known(string field, ulong number, ulong newest)
    {
        if (number <= newest)
            return (byte)number;
        Note(RefusalReason.Unsupported, field, $"The {field} {number} is none that this version knows; it knows 1 to {newest}.");
        return 0;
    }

    private void SetWord(string field, ReadOnlySpan<byte> word)
    {
        int number;
        switch (field)
        {
            case "signal" when SignalCodes.TryFind(word, out SignalCode code):
                Signal = code;
                break;
            case "signal":
                Note(RefusalReason.UnknownCode, field, $"The signal '{JsonText.Show(word)}' is none of the codes of readings.");
                break;
            case "birthDate":
                SetBirthDate(word);
                break;
            case "ageClass" when CommandWords.TryFindAgeClass(word, out number):
                AgeClass = (AgeClass)number;
                break;
            case "ageClass":
                Unknown(field, word, CommandWords.AllAgeClasses);
                break;
            case "oxygen" when CommandWords.TryFindOxygen(word, out number):
                Oxygen = (OxygenStatus)number;
                break;
            case "oxygen":
                Unknown(field, word, CommandWords.AllOxygenStatuses);
                break;
            case "consciousness" when CommandWords.TryFindLevel(word, out number):
                Consciousness = (Consciousness)number;
                break;
            case "consciousness":
                Unknown(field, word, CommandWords.AllLevels);
                break;
            case "command" when CommandWords.TryFindKind(word, out number):
                Kind = (CommandKind)number;
                break;
            default:
                Unknown("command", word, CommandWords.AllKinds);
                break;
        }
    }

    private void Unknown(string field, ReadOnlySpan<byte> word, string known) =>
        Note(RefusalReason.Unsupported, field, $"The {field} '{JsonText.Show(word)}' is none that this version knows; it knows {known}.");

    private void SetBirthDate(ReadOnlySpan<byte> word)
    {
        // Year, month and day alone: an instant would need a time zone to say on which day it was.
        if (word.Length == 10 && DateOnly.TryParseExact(Encoding.ASCII.GetString(word), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            BirthDate = day;
        else
            Note(RefusalReason.InvalidTime, "birthDate", "The birthDate must be a day as 1969-07-20.");
    }
}
