using System.Globalization;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Observations.Decoding;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Commands;

/// <summary>What each kind of command needs beside who, when and why. Fields of other kinds are left aside, as unknown ones are.</summary>
internal static class CommandContent
{
    private const int OldestYears = 130;

    /// <summary>Says what is missing or wrong; null when all is well.</summary>
    public static Refusal? Check(CommandKind kind, CommandFields fields, long recordMs) => kind switch
    {
        CommandKind.Acknowledge when fields.AnomalyId is null => Missing("anomalyId", "the episode that is acknowledged, as the anomaly topic names it"),
        CommandKind.AudioPause or CommandKind.AlarmPause => CheckDuration(fields),
        CommandKind.SetLimits => CheckLimits(fields),
        CommandKind.SetDemographics => CheckDemographics(fields, recordMs),
        CommandKind.SetSpO2Scale => CheckScale(fields),
        CommandKind.SetOxygen when fields.Oxygen == OxygenStatus.Unknown => Missing("oxygen", CommandWords.AllOxygenStatuses),
        CommandKind.SetConsciousness when fields.Consciousness == Consciousness.Unknown => Missing("consciousness", CommandWords.AllLevels),
        CommandKind.ConfirmWeight => CheckWeight(fields, recordMs),
        _ => null,
    };

    /// <summary>Completes a command with the fields that belong to its kind.</summary>
    public static CommandMessage Take(CommandKind kind, CommandFields fields, CommandMessage command) => kind switch
    {
        CommandKind.Acknowledge => command with { AnomalyId = fields.AnomalyId! },
        CommandKind.AudioPause or CommandKind.AlarmPause => command with { DurationSeconds = (int)fields.DurationSeconds!.Value },
        CommandKind.SetLimits => command with { Signal = fields.Signal, Low = fields.Low, High = fields.High, Desaturation = fields.Desaturation, AgeClass = fields.AgeClass },
        CommandKind.SetDemographics => command with { AgeClass = fields.AgeClass, BirthDate = fields.BirthDate, Pregnant = fields.Pregnant },
        CommandKind.SetSpO2Scale => command with { SpO2Scale = (int)fields.SpO2Scale!.Value },
        CommandKind.SetOxygen => command with { Oxygen = fields.Oxygen },
        CommandKind.SetConsciousness => command with { Consciousness = fields.Consciousness },
        CommandKind.ConfirmWeight => command with { MeasuredAtMs = fields.MeasuredAtMs, WeightKilograms = fields.WeightKilograms },
        _ => command,
    };

    private static Refusal Missing(string field, string meaning) => new(RefusalReason.Missing, field, $"The {field} is missing: {meaning}.");

    private static Refusal? CheckDuration(CommandFields fields)
    {
        if (fields.DurationSeconds is not { } seconds)
            return Missing("duration", "how many seconds the pause lasts");
        return seconds is >= 1 and <= CommandRules.LongestPauseSeconds
            ? null
            : new(RefusalReason.Impossible, "duration", $"A pause lasts 1 to {CommandRules.LongestPauseSeconds} seconds, not {seconds}.");
    }

    private static Refusal? CheckLimits(CommandFields fields)
    {
        if (fields.Signal == SignalCode.None)
            return Missing("signal", "the code of the signal that the limits are for, as hr");
        if (fields.Desaturation is not null && fields.Signal != SignalCode.SpO2)
            return new(RefusalReason.Impossible, "desaturation", "Only spo2 has a limit of desaturation.");
        return CheckLimit("low", fields.Signal, fields.Low)
            ?? CheckLimit("high", fields.Signal, fields.High)
            ?? CheckLimit("desaturation", fields.Signal, fields.Desaturation)
            ?? CheckOrder("low", fields.Low, "high", fields.High)
            ?? CheckOrder("desaturation", fields.Desaturation, "low", fields.Low);
    }

    private static Refusal? CheckLimit(string field, SignalCode signal, double? limit)
    {
        ref readonly SignalCodeInfo info = ref SignalCodes.Get(signal);
        if (limit is not { } value || (value >= info.Minimum && value <= info.Maximum))
            return null;
        return new(RefusalReason.Impossible, field, string.Create(CultureInfo.InvariantCulture, $"The limit {field} of {info.Name} is {value}; it must be from {info.Minimum} to {info.Maximum} {info.Ucum}."));
    }

    private static Refusal? CheckOrder(string lower, double? low, string higher, double? high) =>
        low is null || high is null || low < high
            ? null
            : new(RefusalReason.Impossible, lower, string.Create(CultureInfo.InvariantCulture, $"The limit {lower} is {low}; it must be less than {higher}, {high}."));

    private static Refusal? CheckDemographics(CommandFields fields, long recordMs)
    {
        if (fields.AgeClass == AgeClass.Unknown && fields.BirthDate is null && fields.Pregnant is null)
            return Missing("birthDate", "say birthDate, ageClass or pregnant, at least one");
        if (fields.AgeClass != AgeClass.Unknown && fields.BirthDate is not null)
            return new(RefusalReason.Malformed, "ageClass", "The age is there twice: say birthDate or ageClass, not both.");
        // A day may have begun elsewhere that has not begun in UTC.
        if (fields.BirthDate is { } day && day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) > DateTime.UnixEpoch.AddMilliseconds(recordMs).AddDays(1))
            return new(RefusalReason.InvalidTime, "birthDate", "The birthDate lies in the future.");
        if (fields.BirthDate?.AddYears(OldestYears).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) < DateTime.UnixEpoch.AddMilliseconds(recordMs))
            return new(RefusalReason.InvalidTime, "birthDate", $"The birthDate lies more than {OldestYears} years back: nobody was ever that old.");
        return null;
    }

    private static Refusal? CheckScale(CommandFields fields)
    {
        if (fields.SpO2Scale is not { } scale)
            return Missing("spo2Scale", "1 or 2");
        return scale is 1 or 2 ? null : new(RefusalReason.Unsupported, "spo2Scale", $"NEWS2 has the scales 1 and 2 of oxygen saturation, not {scale}.");
    }

    private static Refusal? CheckWeight(CommandFields fields, long recordMs)
    {
        if (fields.MeasuredAtMs is not { } measuredAt)
            return Missing("measuredAt", "the time of the measurement that is confirmed");
        if (InboundTime.Check(measuredAt, recordMs) is { } wrongTime)
            return new(RefusalReason.InvalidTime, "measuredAt", wrongTime);
        if (fields.WeightKilograms is not { } kilograms)
            return Missing("weight", "the weight that is confirmed, in kilograms");
        ref readonly SignalCodeInfo info = ref SignalCodes.Get(SignalCode.Weight);
        return kilograms >= info.Minimum && kilograms <= info.Maximum
            ? null
            : new(RefusalReason.Impossible, "weight", string.Create(CultureInfo.InvariantCulture, $"The weight must be from {info.Minimum} to {info.Maximum} kg, not {kilograms}."));
    }
}
