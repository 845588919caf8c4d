using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Alarms.Orders;

/// <summary>A clinician's order about a patient was taken. It holds what the command said and nothing that was worked out from it.</summary>
/// <param name="Kind">Which order: limits, demographics, scale of SpO2, oxygen, or consciousness.</param>
/// <param name="TimeMs">When, by the command, milliseconds since 1970 UTC.</param>
/// <param name="LogMs">Log time of the command.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; may be empty.</param>
public readonly record struct OrderTaken(CommandKind Kind, long TimeMs, long LogMs, string By, string Reason)
{
    private const int MaximumTextBytes = 4096;

    /// <summary>The signal, of limits.</summary>
    public SignalCode Signal { get; init; }

    /// <summary>The patient's own limits of the signal from now on, of limits; without any the standard ones hold.</summary>
    public SignalLimits Limits { get; init; }

    /// <summary>The age class, of demographics.</summary>
    public AgeClass AgeClass { get; init; }

    /// <summary>The day of birth, of demographics.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Whether pregnant, of demographics.</summary>
    public bool? Pregnant { get; init; }

    /// <summary>1 or 2, of the scale of SpO2.</summary>
    public int SpO2Scale { get; init; }

    /// <summary>What the patient breathes, of oxygen.</summary>
    public OxygenStatus Oxygen { get; init; }

    /// <summary>The level, of consciousness.</summary>
    public Consciousness Consciousness { get; init; }

    /// <summary>Writes the event.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte((byte)Kind);
        writer.Signed(TimeMs);
        writer.Signed(LogMs);
        writer.Text(By);
        writer.Text(Reason);
        switch (Kind)
        {
            case CommandKind.SetLimits:
                writer.Byte((byte)Signal);
                Limits.Encode(writer);
                break;
            case CommandKind.SetDemographics:
                writer.Byte((byte)AgeClass);
                writer.Unsigned(BirthDate is { } day ? (ulong)day.DayNumber + 1 : 0);
                writer.Byte((byte)(Pregnant switch { null => 0, false => 1, true => 2 }));
                break;
            case CommandKind.SetSpO2Scale:
                writer.Byte((byte)SpO2Scale);
                break;
            case CommandKind.SetOxygen:
                writer.Byte((byte)Oxygen);
                break;
            case CommandKind.SetConsciousness:
                writer.Byte((byte)Consciousness);
                break;
            default:
                throw new InvalidOperationException($"{Kind} is no order.");
        }
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such event.</exception>
    public static OrderTaken Decode(ref PayloadReader reader)
    {
        var taken = new OrderTaken((CommandKind)reader.Byte(), reader.Signed(), reader.Signed(), Text(ref reader), Text(ref reader));
        return taken.Kind switch
        {
            CommandKind.SetLimits => taken with { Signal = DecodeSignal(ref reader), Limits = SignalLimits.Decode(ref reader) },
            CommandKind.SetDemographics => taken with { AgeClass = (AgeClass)reader.Byte(), BirthDate = DecodeDay(ref reader), Pregnant = DecodePregnant(ref reader) },
            CommandKind.SetSpO2Scale => taken with { SpO2Scale = reader.Byte() },
            CommandKind.SetOxygen => taken with { Oxygen = (OxygenStatus)reader.Byte() },
            CommandKind.SetConsciousness => taken with { Consciousness = (Consciousness)reader.Byte() },
            _ => throw new InvalidDataException($"{(byte)taken.Kind} is no order that this program knows."),
        };
    }

    internal static DateOnly? DecodeDay(ref PayloadReader reader)
    {
        int day = reader.Count(DateOnly.MaxValue.DayNumber + 1);
        return day == 0 ? null : DateOnly.FromDayNumber(day - 1);
    }

    internal static bool? DecodePregnant(ref PayloadReader reader) => reader.Byte() switch
    {
        0 => null,
        1 => false,
        2 => true,
        byte other => throw new InvalidDataException($"{other} says nothing about pregnancy."),
    };

    internal static SignalCode DecodeSignal(ref PayloadReader reader)
    {
        int code = reader.Byte();
        return code is > 0 and < SignalCodes.Count ? (SignalCode)code : throw new InvalidDataException($"{code} is the number of no signal that this program knows.");
    }

    private static string Text(ref PayloadReader reader) => System.Text.Encoding.UTF8.GetString(reader.Raw(reader.Count(MaximumTextBytes)));
}
