using System.Globalization;

using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Alarms.Orders;

/// <summary>What becomes of an order.</summary>
public enum OrderOutcome
{
    /// <summary>It is taken; there is an event.</summary>
    Taken,

    /// <summary>A later order of the kind was taken already, or this one itself: nothing changes.</summary>
    Outdated,

    /// <summary>It is refused.</summary>
    Refused,
}

/// <summary>
/// What clinicians told about a patient: limits, age, pregnancy, scale of SpO2, oxygen, consciousness. <see cref="Decide"/> judges a command, <see cref="Apply"/> follows it.
/// Of orders of one kind (limits: of one signal) the one with the latest time counts, so that a repeat or an old command that is played again changes nothing.
/// </summary>
/// <remarks>State: under 500 bytes; 12 bytes for a patient without orders.</remarks>
public sealed class ClinicalOrders
{
    private const byte FormatVersion = 1;
    private const int Kinds = (int)CommandKind.SetConsciousness + 1;

    private readonly SortedDictionary<SignalCode, (SignalLimits Limits, long TimeMs)> _limits = [];
    private readonly long[] _timesMs = new long[Kinds];
    private AgeClass _toldAgeClass;

    /// <summary>The day of birth; null when it is not known.</summary>
    public DateOnly? BirthDate { get; private set; }

    /// <summary>Whether the patient is pregnant; null when it is not known.</summary>
    public bool? Pregnant { get; private set; }

    /// <summary>True when scale 2 of oxygen saturation was ordered.</summary>
    public bool IsScale2 { get; private set; }

    /// <summary>What the patient breathes; null when it was never said.</summary>
    public Timed<OxygenStatus>? Oxygen { get; private set; }

    /// <summary>The level of consciousness; null when it was never said.</summary>
    public Timed<Consciousness>? Consciousness { get; private set; }

    /// <summary>The age class at a time, milliseconds since 1970 UTC: by the day of birth, else as it was told. An age class that was told does not grow older.</summary>
    public AgeClass AgeClassAt(long timeMs) => BirthDate is { } birth ? AgeClasses.At(birth, timeMs) : _toldAgeClass;

    /// <summary>The limits of a signal in force at a time: the patient's own, without any the standard ones of the age class.</summary>
    public SignalLimits LimitsOf(SignalCode signal, long timeMs) => OwnLimitsOf(signal) ?? LimitTable.For(AgeClassAt(timeMs), signal).Values;

    /// <summary>
    /// The patient's own limits of a signal; null when the standard ones hold. They are complete: what an order left out was filled in when it was taken, so that a later change of age never
    /// puts a limit beside one that it does not go with.
    /// </summary>
    public SignalLimits? OwnLimitsOf(SignalCode signal) =>
        _limits.TryGetValue(signal, out (SignalLimits Limits, long TimeMs) own) && own.Limits != default ? own.Limits : null;

    /// <summary>Judges an order. Changes nothing.</summary>
    /// <param name="command">The command, as it was decoded.</param>
    /// <param name="logMs">Log time of the command.</param>
    /// <param name="taken">The event, when the order is taken.</param>
    /// <param name="refusal">Why not, when it is refused.</param>
    /// <param name="inForce">The limits of the command's signal that hold now, from which an order of limits takes what it leaves out; null for the patient's own, or the standard ones of the age class.</param>
    /// <exception cref="ArgumentException">The command is none of the five orders.</exception>
    public OrderOutcome Decide(CommandMessage command, long logMs, out OrderTaken taken, out Refusal? refusal, SignalLimits? inForce = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Kind is < CommandKind.SetLimits or > CommandKind.SetConsciousness)
            throw new ArgumentException($"{command.Kind} is no order about a patient.", nameof(command));
        refusal = null;
        taken = new(command.Kind, command.TimeMs, logMs, command.By, command.Reason ?? "")
        {
            BirthDate = command.BirthDate,
            Pregnant = command.Pregnant,
            SpO2Scale = command.SpO2Scale,
            Oxygen = command.Oxygen,
            Consciousness = command.Consciousness,
        };
        if (command.TimeMs <= TimeOf(command))
            return OrderOutcome.Outdated;
        if (command.Kind != CommandKind.SetLimits)
        {
            taken = taken with { AgeClass = command.AgeClass };
            return OrderOutcome.Taken;
        }

        refusal = JudgeLimits(command, inForce, out SignalLimits limits);
        taken = taken with { Signal = command.Signal, Limits = limits };
        return refusal is null ? OrderOutcome.Taken : OrderOutcome.Refused;
    }

    /// <summary>What holds beyond a stay: the day of birth, or the age class that was told. Null when neither is known.</summary>
    public ClinicalOrders? OfPatient()
    {
        if (BirthDate is null && _toldAgeClass == AgeClass.Unknown)
            return null;
        var orders = new ClinicalOrders { BirthDate = BirthDate, _toldAgeClass = _toldAgeClass };
        orders._timesMs[(int)CommandKind.SetDemographics] = _timesMs[(int)CommandKind.SetDemographics];
        return orders;
    }

    /// <summary>Follows an order that was taken, now or on replay.</summary>
    public void Apply(in OrderTaken taken)
    {
        if (taken.Kind == CommandKind.SetLimits)
        {
            _limits[taken.Signal] = (taken.Limits, taken.TimeMs);
            return;
        }

        _timesMs[(int)taken.Kind] = taken.TimeMs;
        switch (taken.Kind)
        {
            case CommandKind.SetDemographics:
                // Age and pregnancy may be told apart; the day of birth and the age class stand for one another.
                if (taken.BirthDate is not null || taken.AgeClass != AgeClass.Unknown)
                {
                    BirthDate = taken.BirthDate;
                    _toldAgeClass = taken.AgeClass;
                }

                Pregnant = taken.Pregnant ?? Pregnant;
                break;
            case CommandKind.SetSpO2Scale:
                IsScale2 = taken.SpO2Scale == 2;
                break;
            case CommandKind.SetOxygen:
                Oxygen = new(taken.Oxygen, taken.TimeMs);
                break;
            case CommandKind.SetConsciousness:
                Consciousness = new(taken.Consciousness, taken.TimeMs);
                break;
            default:
                throw new InvalidDataException($"{taken.Kind} is no order about a patient.");
        }
    }

    /// <summary>Writes the complete state.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(FormatVersion);
        writer.Byte((byte)_toldAgeClass);
        writer.Unsigned(BirthDate is { } day ? (ulong)day.DayNumber + 1 : 0);
        writer.Byte((byte)(Pregnant switch { null => 0, false => 1, true => 2 }));
        writer.Boolean(IsScale2);
        writer.Byte((byte)(Oxygen?.Value ?? OxygenStatus.Unknown));
        writer.Byte((byte)(Consciousness?.Value ?? Shared.Commands.Consciousness.Unknown));
        for (int kind = (int)CommandKind.SetDemographics; kind < Kinds; kind++)
            writer.Signed(_timesMs[kind]);
        writer.Unsigned((ulong)_limits.Count);
        foreach ((SignalCode signal, (SignalLimits limits, long timeMs)) in _limits)
        {
            writer.Byte((byte)signal);
            limits.Encode(writer);
            writer.Signed(timeMs);
        }
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public static ClinicalOrders Decode(ref PayloadReader reader)
    {
        int version = reader.Byte();
        if (version != FormatVersion)
            throw new InvalidDataException($"The state of orders has version {version}; this program knows {FormatVersion}.");
        var orders = new ClinicalOrders
        {
            _toldAgeClass = (AgeClass)reader.Byte(),
            BirthDate = OrderTaken.DecodeDay(ref reader),
            Pregnant = OrderTaken.DecodePregnant(ref reader),
            IsScale2 = reader.Boolean(),
        };
        var oxygen = (OxygenStatus)reader.Byte();
        var consciousness = (Consciousness)reader.Byte();
        for (int kind = (int)CommandKind.SetDemographics; kind < Kinds; kind++)
            orders._timesMs[kind] = reader.Signed();
        if (oxygen != OxygenStatus.Unknown)
            orders.Oxygen = new(oxygen, orders._timesMs[(int)CommandKind.SetOxygen]);
        if (consciousness != Shared.Commands.Consciousness.Unknown)
            orders.Consciousness = new(consciousness, orders._timesMs[(int)CommandKind.SetConsciousness]);
        int count = reader.Count(SignalCodes.Count);
        for (int i = 0; i < count; i++)
            orders._limits.Add(OrderTaken.DecodeSignal(ref reader), (SignalLimits.Decode(ref reader), reader.Signed()));
        return orders;
    }

    private long TimeOf(CommandMessage command)
    {
        if (command.Kind != CommandKind.SetLimits)
            return _timesMs[(int)command.Kind];
        return _limits.TryGetValue(command.Signal, out (SignalLimits Limits, long TimeMs) own) ? own.TimeMs : 0;
    }

    private Refusal? JudgeLimits(CommandMessage command, in SignalLimits? inForce, out SignalLimits limits)
    {
        limits = new(command.Low, command.High, command.Desaturation);
        if (!LimitTable.Signals.Contains(command.Signal))
            return new(RefusalReason.Unsupported, "signal", $"{SignalCodes.Get(command.Signal).Name} has no alarm limits.");
        AgeClass age = AgeClassAt(command.TimeMs);
        if (command.AgeClass != AgeClass.Unknown && command.AgeClass != (age == AgeClass.Unknown ? AgeClass.Adult : age))
        {
            return new(
                RefusalReason.Impossible, "ageClass",
                $"The limits are meant for the age class {CommandWords.Text(command.AgeClass)}, but the patient is {(age == AgeClass.Unknown ? "of unknown age, and taken for an adult" : CommandWords.Text(age))}.");
        }

        if (limits == default)
            return null;
        limits = limits.Or(inForce ?? LimitsOf(command.Signal, command.TimeMs));
        return Check(SignalCodes.Get(command.Signal), limits);
    }

    /// <summary>Each limit inside what is physically possible, and all in order, with those that stay.</summary>
    private static Refusal? Check(in SignalCodeInfo info, in SignalLimits limits)
    {
        foreach ((string field, double? limit) in new[] { ("low", limits.Low), ("high", limits.High), ("desaturation", limits.Desaturation) })
        {
            if (limit is { } value && !(value >= info.Minimum && value <= info.Maximum))
                return new(RefusalReason.Impossible, field, string.Create(CultureInfo.InvariantCulture, $"The limit {field} of {info.Name} is {value}; it must be from {info.Minimum} to {info.Maximum} {info.Ucum}."));
        }

        if (limits.Desaturation is not null && info.Code != SignalCode.SpO2)
            return new(RefusalReason.Impossible, "desaturation", $"{info.Name} has no limit of desaturation.");
        if (limits.Low >= limits.High)
            return new(RefusalReason.Impossible, "low", string.Create(CultureInfo.InvariantCulture, $"The low limit of {info.Name} would be {limits.Low}, not less than the high one, {limits.High}; set both."));
        return limits.Desaturation >= limits.Low
            ? new(RefusalReason.Impossible, "desaturation", string.Create(CultureInfo.InvariantCulture, $"The limit of desaturation would be {limits.Desaturation}, not less than the low one, {limits.Low}; set both."))
            : null;
    }
}
