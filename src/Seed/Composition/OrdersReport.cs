using System.Globalization;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Composition;

/// <summary>What clinicians told about a patient by commands; null for what nobody told.</summary>
internal sealed record OrdersReport(
    DateOnly? BirthDate, string? AgeClass, bool? Pregnant, int SpO2Scale, ToldReport? Oxygen, ToldReport? Consciousness, IReadOnlyDictionary<string, LimitsReport> Limits)
{
    /// <summary>Null when nothing was told.</summary>
    public static OrdersReport? Of(ClinicalOrders? orders) => orders is null ? null : new(
        orders.BirthDate,
        orders.BirthDate is null && orders.AgeClassAt(0) is var age && age != Shared.Commands.AgeClass.Unknown ? CommandWords.Text(age) : null,
        orders.Pregnant,
        orders.IsScale2 ? 2 : 1,
        orders.Oxygen is { } oxygen ? new(CommandWords.Text(oxygen.Value), DateTimeOffset.FromUnixTimeMilliseconds(oxygen.TimeMs)) : null,
        orders.Consciousness is { } level ? new(CommandWords.Text(level.Value), DateTimeOffset.FromUnixTimeMilliseconds(level.TimeMs)) : null,
        LimitTable.Signals.Where(signal => orders.OwnLimitsOf(signal) is not null).ToDictionary(signal => SignalCodes.Get(signal).Name, signal => LimitsReport.Of(orders.OwnLimitsOf(signal)!.Value)));

    /// <summary>In words, one line.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (BirthDate is { } day)
            parts.Add("born " + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (AgeClass is not null)
            parts.Add(AgeClass);
        if (Pregnant is { } pregnant)
            parts.Add(pregnant ? "pregnant" : "not pregnant");
        if (SpO2Scale == 2)
            parts.Add("SpO2 scale 2");
        if (Oxygen is { } oxygen)
            parts.Add($"breathes {oxygen.What} (told {oxygen.Since:u})");
        if (Consciousness is { } level)
            parts.Add($"consciousness {level.What} (told {level.Since:u})");
        parts.AddRange(Limits.Select(own => $"{own.Key} {own.Value}"));
        return string.Join(", ", parts);
    }

    /// <summary>An order that was taken, in words.</summary>
    public static string Describe(in OrderTaken order)
    {
        string what = order.Kind switch
        {
            CommandKind.SetLimits => $"{SignalCodes.Get(order.Signal).Name} {(order.Limits == default ? "standard" : LimitsReport.Of(order.Limits))}",
            CommandKind.SetDemographics => string.Join(", ", ((string?[])[
                order.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                order.AgeClass == Shared.Commands.AgeClass.Unknown ? null : CommandWords.Text(order.AgeClass),
                order.Pregnant switch { null => null, true => "pregnant", false => "not pregnant" }]).Where(part => part is not null)),
            CommandKind.SetSpO2Scale => order.SpO2Scale.ToString(CultureInfo.InvariantCulture),
            CommandKind.SetOxygen => CommandWords.Text(order.Oxygen),
            _ => CommandWords.Text(order.Consciousness),
        };
        return $"{CommandWords.Text(order.Kind)} {what}, by {order.By}{(order.Reason.Length > 0 ? ": " + order.Reason : "")}";
    }
}

/// <summary>What was told, and when.</summary>
internal sealed record ToldReport(string What, DateTimeOffset Since);

/// <summary>A patient's own limits of a signal, in its unit; null for no limit.</summary>
internal sealed record LimitsReport(double? Low, double? High, double? Desaturation)
{
    /// <summary>From the state.</summary>
    public static LimitsReport Of(in SignalLimits limits) => new(limits.Low, limits.High, limits.Desaturation);

    /// <summary>In words.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Low is { } low ? $"from {low:0.##}" : "no low limit")} {(High is { } high ? $"to {high:0.##}" : "and no high limit")}{(Desaturation is { } desaturation ? $", desaturation {desaturation:0.##}" : "")}");
}
