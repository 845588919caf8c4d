using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Alarms.Orders;

public sealed class ClinicalOrdersTests
{
    private const long Now = 1_795_262_400_000;

    [Theory]
    [InlineData("2026-11-22", AgeClass.Neonate)]
    [InlineData("2026-11-21", AgeClass.Neonate)]
    [InlineData("2026-10-25", AgeClass.Neonate)]
    [InlineData("2026-10-24", AgeClass.Infant)]
    [InlineData("2025-11-22", AgeClass.Infant)]
    [InlineData("2025-11-21", AgeClass.Toddler)]
    [InlineData("2023-11-22", AgeClass.Toddler)]
    [InlineData("2023-11-21", AgeClass.Preschool)]
    [InlineData("2020-11-22", AgeClass.Preschool)]
    [InlineData("2020-11-21", AgeClass.School)]
    [InlineData("2014-11-22", AgeClass.School)]
    [InlineData("2014-11-21", AgeClass.Adolescent)]
    [InlineData("2010-11-22", AgeClass.Adolescent)]
    [InlineData("2010-11-21", AgeClass.Adult)]
    [InlineData("1920-02-29", AgeClass.Adult)]
    public void The_age_class_changes_on_the_birthday(string birth, AgeClass expected) =>
        // 2026-11-21T12:00:00Z
        Assert.Equal(expected, AgeClasses.At(DateOnly.Parse(birth, System.Globalization.CultureInfo.InvariantCulture), Now));

    [Fact]
    public void Orders_are_taken_and_show()
    {
        var orders = new ClinicalOrders();
        Assert.Equal((AgeClass.Unknown, false, null, null), (orders.AgeClassAt(Now), orders.IsScale2, orders.Oxygen, orders.Consciousness));
        Take(orders, New(CommandKind.SetDemographics) with { BirthDate = new(1969, 7, 20), Pregnant = false });
        Take(orders, New(CommandKind.SetSpO2Scale) with { SpO2Scale = 2 });
        Take(orders, New(CommandKind.SetOxygen) with { Oxygen = OxygenStatus.Oxygen });
        Take(orders, New(CommandKind.SetConsciousness) with { Consciousness = Consciousness.Voice });
        Take(orders, New(CommandKind.SetLimits) with { Signal = SignalCode.SpO2, Low = 88 });
        Assert.Equal((AgeClass.Adult, false, true), (orders.AgeClassAt(Now), orders.Pregnant, orders.IsScale2));
        Assert.Equal((new(OxygenStatus.Oxygen, Now), new(Consciousness.Voice, Now)), (orders.Oxygen, orders.Consciousness));
        Assert.Equal(new(88, null, 80), orders.LimitsOf(SignalCode.SpO2, Now));
        Take(orders, New(CommandKind.SetSpO2Scale, Now + 1) with { SpO2Scale = 1 });
        Assert.False(orders.IsScale2);
    }

    [Fact]
    public void Age_and_pregnancy_may_be_told_apart_and_the_later_age_counts()
    {
        var orders = new ClinicalOrders();
        Take(orders, New(CommandKind.SetDemographics, Now) with { AgeClass = AgeClass.School });
        Take(orders, New(CommandKind.SetDemographics, Now + 1) with { Pregnant = true });
        Assert.Equal((AgeClass.School, true), (orders.AgeClassAt(Now), orders.Pregnant));
        Take(orders, New(CommandKind.SetDemographics, Now + 2) with { BirthDate = new(2000, 1, 1) });
        Assert.Equal((AgeClass.Adult, true), (orders.AgeClassAt(Now), orders.Pregnant));
        Take(orders, New(CommandKind.SetDemographics, Now + 3) with { AgeClass = AgeClass.Neonate, Pregnant = false });
        Assert.Equal((AgeClass.Neonate, null, false), (orders.AgeClassAt(Now), orders.BirthDate, orders.Pregnant));
    }

    [Fact]
    public void An_order_that_is_older_or_comes_again_changes_nothing()
    {
        var orders = new ClinicalOrders();
        Take(orders, New(CommandKind.SetOxygen, Now) with { Oxygen = OxygenStatus.Oxygen });
        Take(orders, New(CommandKind.SetLimits, Now) with { Signal = SignalCode.HeartRate, High = 130 });
        foreach (long time in new[] { Now, Now - 1 })
        {
            Assert.Equal(OrderOutcome.Outdated, orders.Decide(New(CommandKind.SetOxygen, time) with { Oxygen = OxygenStatus.Air }, Now + 5, out _, out _));
            Assert.Equal(OrderOutcome.Outdated, orders.Decide(New(CommandKind.SetLimits, time) with { Signal = SignalCode.HeartRate, High = 200 }, Now + 5, out _, out _));
        }

        // Each signal for itself.
        Take(orders, New(CommandKind.SetLimits, Now - 1) with { Signal = SignalCode.RespiratoryRate, High = 35 });
    }

    [Fact]
    public void What_an_order_of_limits_leaves_out_stays_and_an_empty_one_puts_the_standard_back()
    {
        var orders = new ClinicalOrders();
        Take(orders, New(CommandKind.SetLimits, Now) with { Signal = SignalCode.HeartRate, High = 130 });
        Take(orders, New(CommandKind.SetLimits, Now + 1) with { Signal = SignalCode.HeartRate, Low = 45 });
        Assert.Equal(new(45, 130, null), orders.LimitsOf(SignalCode.HeartRate, Now));
        Take(orders, New(CommandKind.SetLimits, Now + 2) with { Signal = SignalCode.HeartRate });
        Assert.Equal((null, new(50, 120, null)), (orders.OwnLimitsOf(SignalCode.HeartRate), orders.LimitsOf(SignalCode.HeartRate, Now)));
    }

    [Fact]
    public void Standard_limits_follow_the_age_and_own_ones_stay_as_they_were_set()
    {
        var orders = new ClinicalOrders();
        Take(orders, New(CommandKind.SetDemographics) with { AgeClass = AgeClass.Neonate });
        Take(orders, New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, Low = 100, AgeClass = AgeClass.Neonate });
        Assert.Equal(new(100, 181, null), orders.LimitsOf(SignalCode.HeartRate, Now));
        Take(orders, New(CommandKind.SetDemographics, Now + 1) with { AgeClass = AgeClass.Adult });
        Assert.Equal((new(100, 181, null), new(8, 30, null)), (orders.LimitsOf(SignalCode.HeartRate, Now), orders.LimitsOf(SignalCode.RespiratoryRate, Now)));
    }

    public static TheoryData<CommandMessage, RefusalReason, string> WrongLimits => new()
    {
        { New(CommandKind.SetLimits) with { Signal = SignalCode.Weight, Low = 50 }, RefusalReason.Unsupported, "signal" },
        { New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, Low = 120 }, RefusalReason.Impossible, "low" },
        { New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, High = 50 }, RefusalReason.Impossible, "low" },
        { New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, High = 351 }, RefusalReason.Impossible, "high" },
        { New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, Low = double.NaN }, RefusalReason.Impossible, "low" },
        { New(CommandKind.SetLimits) with { Signal = SignalCode.SpO2, Low = 80 }, RefusalReason.Impossible, "desaturation" },
        { New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, Desaturation = 40 }, RefusalReason.Impossible, "desaturation" },
        { New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, Low = 100, AgeClass = AgeClass.Neonate }, RefusalReason.Impossible, "ageClass" },
    };

    [Theory]
    [MemberData(nameof(WrongLimits))]
    public void Limits_that_make_no_sense_with_those_in_force_are_refused(CommandMessage command, RefusalReason reason, string field)
    {
        var orders = new ClinicalOrders();
        Assert.Equal(OrderOutcome.Refused, orders.Decide(command, Now, out _, out Refusal? refusal));
        Assert.Equal((reason, field), (refusal?.Reason, refusal?.Field));
    }

    [Fact]
    public void Limits_for_an_adult_are_taken_for_a_patient_of_unknown_age() =>
        Take(new ClinicalOrders(), New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, Low = 45, AgeClass = AgeClass.Adult });

    [Fact]
    public void Events_and_state_come_back_bit_for_bit()
    {
        var orders = new ClinicalOrders();
        var again = new ClinicalOrders();
        Assert.Equal(12, Bytes(orders).Length);
        CommandMessage[] commands =
        [
            New(CommandKind.SetDemographics) with { BirthDate = new(1969, 7, 20) },
            New(CommandKind.SetDemographics, Now + 1) with { AgeClass = AgeClass.School, Pregnant = true },
            New(CommandKind.SetSpO2Scale) with { SpO2Scale = 2, Reason = null },
            New(CommandKind.SetOxygen) with { Oxygen = OxygenStatus.Air },
            New(CommandKind.SetConsciousness) with { Consciousness = Consciousness.Pain },
            New(CommandKind.SetLimits) with { Signal = SignalCode.SpO2, Low = 88, High = 99, Desaturation = 70 },
            New(CommandKind.SetLimits) with { Signal = SignalCode.HeartRate, High = 130.5 },
            New(CommandKind.SetLimits, Now + 1) with { Signal = SignalCode.HeartRate },
        ];
        foreach (CommandMessage command in commands)
        {
            OrderTaken taken = Take(orders, command);
            var writer = new PayloadWriter();
            taken.Encode(writer);
            var reader = new PayloadReader(writer.Written);
            OrderTaken decoded = OrderTaken.Decode(ref reader);
            Assert.True(reader.AtEnd);
            Assert.Equal(taken, decoded);
            again.Apply(decoded);
            Assert.Equal(Bytes(orders), Bytes(again));
            again = Decode(Bytes(again));
            Assert.Equal(Bytes(orders), Bytes(again));
        }

        byte[] bytes = Bytes(orders);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Decode(bytes[..length]));
        Assert.Throws<InvalidDataException>(() => Decode([9, .. bytes[1..]]));
    }

    [Fact]
    public void What_is_no_order_is_not_taken() =>
        Assert.Throws<ArgumentException>(() => new ClinicalOrders().Decide(New(CommandKind.Resume), Now, out _, out _));

    private static CommandMessage New(CommandKind kind, long timeMs = Now) => new("icu:bed-7", kind, "", "dr.gray", "because", timeMs);

    private static OrderTaken Take(ClinicalOrders orders, CommandMessage command)
    {
        Assert.Equal(OrderOutcome.Taken, orders.Decide(command, Now + 3, out OrderTaken taken, out Refusal? refusal));
        Assert.Null(refusal);
        orders.Apply(taken);
        return taken;
    }

    private static ClinicalOrders Decode(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        ClinicalOrders orders = ClinicalOrders.Decode(ref reader);
        Assert.True(reader.AtEnd);
        return orders;
    }

    private static byte[] Bytes(ClinicalOrders orders)
    {
        var writer = new PayloadWriter();
        orders.Encode(writer);
        return writer.Written.ToArray();
    }
}
