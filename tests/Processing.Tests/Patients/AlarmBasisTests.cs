using System.Text;

using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Tests.Signals.Rhythm;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>
/// What a reader of the anomaly topic learns of limits and scores: from readings and orders, through the actor and its journal, to the message in both its forms. <see cref="Bedside"/> compares the state with the fold of the
/// journal, and with itself after a reload, behind every message.
/// </summary>
public sealed class AlarmBasisTests
{
    private const int Minute = 60_000;

    [Fact]
    public void A_message_of_NEWS2_says_that_it_is_a_lower_bound_and_what_is_missing()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        AnomalyMessage raised = bed.Scores.First(told => told.Rule == "news2");
        using var json = System.Text.Json.JsonDocument.Parse(AnomalyJson.Write(raised));
        System.Text.Json.JsonElement news2 = json.RootElement.GetProperty("news2");
        Assert.Equal("at-least", news2.GetProperty("bound").GetString());
        Assert.Equal(["supplemental-oxygen", "consciousness", "temperature"], news2.GetProperty("missing").EnumerateArray().Select(name => name.GetString()));
        Assert.Empty(news2.GetProperty("stale").EnumerateArray());
        Assert.Equal(7, news2.GetProperty("parts").GetArrayLength());
        Assert.Equal(
            ["rr 28 3", "spo2 90 3", "nbp-sys 88 3", "hr 134 3"],
            news2.GetProperty("parts").EnumerateArray().Where(part => part.GetProperty("standing").GetString() == "scored")
                .Select(part => $"{part.GetProperty("code")} {part.GetProperty("value")} {part.GetProperty("points")}"));
        Assert.Equal((AgeClass.Adult, true, LimitOrigin.None), (raised.AgeClass, raised.IsAgeAssumed, raised.LimitOrigin));
        Assert.InRange(AnomalyJson.Write(raised).Length, 1000, 2500);
    }

    [Fact]
    public void A_score_that_becomes_exact_says_so_with_the_points_of_oxygen_and_consciousness()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        bed.Command(Order(CommandKind.SetOxygen, 5000) with { Oxygen = OxygenStatus.Oxygen }, 5000);
        bed.Command(Order(CommandKind.SetConsciousness, 6000) with { Consciousness = Consciousness.Confusion }, 6000);
        bed.Send(7000, [(SignalCode.CoreTemperature, 37)]);
        // Each order tells at once what it changes. The temperature comes within the minute in which no other update is told.
        Assert.Equal([12.0, 14.0, 17.0], bed.Scores.Where(told => told.Rule == "news2").Select(told => told.Score!.Value));
        Assert.True(bed.Scores.Last(told => told.Rule == "news2").News2!.IsLowerBound);
        Sick(bed, Minute);
        AnomalyMessage told = bed.Scores.Last(message => message.Rule == "news2");
        Assert.Equal((AnomalyState.Updated, AnomalyChange.Evidence, 17.0, false), (told.State, told.Change, told.Score!.Value, told.News2!.IsLowerBound));
        Assert.Equal(
            [("oxygen", 2, Bedside.Start + 5000), ("confusion", 3, Bedside.Start + 6000)],
            told.News2.Parts.Where(part => part.Word is not null).Select(part => (part.Word!, part.Points, part.TimeMs!.Value)));
        Assert.Equal((0, 37.0), (told.News2.Parts[6].Points, told.News2.Parts[6].Value));
    }

    [Fact]
    public void When_only_what_is_missing_changes_an_update_is_told_at_most_once_a_minute()
    {
        var bed = new Bedside();
        // A temperature without points, stale after 6 hours; the score stays.
        bed.Send(0, [(SignalCode.CoreTemperature, 37)]);
        for (int minute = 0; minute <= 480; minute += 5)
            Sick(bed, (minute * Minute) + 1000);
        AnomalyMessage[] told = [.. bed.Scores.Where(message => message.Rule == "news2")];
        Assert.Equal(2, told.Length);
        Assert.Equal([News2Standing.Scored, News2Standing.Stale], told.Select(message => message.News2!.Parts[6].Standing));
        Assert.Equal((AnomalyChange.Evidence, told[0].Score), (told[1].Change, told[1].Score));
        // It comes back, and changes its points with every value within a minute: that it is back is told, the rest is not.
        for (int second = 0; second < 50; second++)
            bed.Send((481 * Minute) + 1000 + (second * 1000), [(SignalCode.CoreTemperature, second % 2 == 0 ? 37 : 35.5)]);
        Assert.Equal(3, bed.Scores.Count(message => message.Rule == "news2"));
    }

    [Fact]
    public void A_lower_bound_that_falls_below_the_triggers_is_told_without_a_trigger_and_is_not_over_while_what_had_points_is_missing()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        // The respiration had points, and is too old after 15 minutes.
        for (int minute = 2; minute <= 20; minute++)
            bed.Send(minute * Minute, [(SignalCode.HeartRate, 80), (SignalCode.SpO2, 97), (SignalCode.CuffSystolic, 120)]);
        AnomalyMessage told = bed.Scores.Last(message => message.Rule == "news2");
        Assert.Equal((AnomalyState.Updated, AnomalyChange.Evidence, 0.0, (double?)null), (told.State, told.Change, told.Score!.Value, told.Threshold));
        Assert.Equal([News2Standing.Stale], told.News2!.Parts.Take(1).Select(part => part.Standing));
        Assert.NotNull(bed.State.Alarms.Find(ConditionId.News2));

        bed.Command(Order(CommandKind.SetOxygen, 21 * Minute) with { Oxygen = OxygenStatus.Air }, 21 * Minute);
        bed.Command(Order(CommandKind.SetConsciousness, (21 * Minute) + 1000) with { Consciousness = Consciousness.Alert }, (21 * Minute) + 1000);
        bed.Send((21 * Minute) + 2000, [(SignalCode.CoreTemperature, 37)]);
        Well(bed, 22 * Minute);
        Assert.Equal(AnomalyState.Cleared, bed.Scores.Last(message => message.Rule == "news2").State);
    }

    [Fact]
    public void A_lower_bound_that_falls_below_the_triggers_is_over_when_all_that_had_points_is_known()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        Assert.Equal(AnomalySeverity.High, bed.Scores.Last(message => message.Rule == "news2").Severity);
        Well(bed, 2 * Minute);
        Well(bed, 5 * Minute);
        AnomalyMessage told = bed.Scores.Last(message => message.Rule == "news2");
        Assert.Equal((AnomalyState.Cleared, AnomalyReason.Over), (told.State, told.Reason));
        Assert.Null(bed.State.Alarms.Find(ConditionId.News2));
    }

    [Fact]
    public void A_message_that_is_about_something_else_repeats_neither_the_score_nor_what_it_is_made_of()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        Assert.True(bed.Acknowledge(bed.Scores.First(message => message.Rule == "news2").AnomalyId, 2000));
        AnomalyMessage told = bed.Scores[^1];
        Assert.Equal((AnomalyState.Acknowledged, null, null, AgeClass.Unknown), (told.State, told.Score, told.News2, told.AgeClass));
    }

    [Fact]
    public void The_limits_of_an_adult_and_of_unknown_age_are_the_default_and_say_which()
    {
        var bed = new Bedside();
        High(bed, 0);
        Assert.Equal((120.0, LimitOrigin.Default, AgeClass.Adult, true), Limit(bed));
        bed.Command(Order(CommandKind.SetDemographics, 20_500) with { AgeClass = AgeClass.Adult }, 20_500);
        High(bed, 21);
        // The same alarm: the limit is as it was, its ground is another.
        Assert.Equal((AnomalyState.Updated, AnomalyChange.Evidence), (bed.Anomalies[^1].State, bed.Anomalies[^1].Change));
        Assert.Equal((120.0, LimitOrigin.Default, AgeClass.Adult, false), Limit(bed));
        Assert.Equal(2, bed.Anomalies.Count);
    }

    [Fact]
    public void A_limit_that_the_unit_has_configured_says_so_and_one_configured_as_the_default_does_not()
    {
        var unit = new Bedside(Configured(115));
        High(unit, 0);
        Assert.Equal((115.0, LimitOrigin.Configuration, AgeClass.Adult, true), Limit(unit));
        var same = new Bedside(Configured(120));
        High(same, 0);
        Assert.Equal((120.0, LimitOrigin.Default, AgeClass.Adult, true), Limit(same));
    }

    [Fact]
    public void A_childs_limit_is_the_default_of_its_class_whatever_the_unit_has_configured_for_adults()
    {
        var bed = new Bedside(Configured(115));
        bed.Command(Order(CommandKind.SetDemographics, 0) with { AgeClass = AgeClass.School }, 0);
        High(bed, 1);
        Assert.Equal((123.0, LimitOrigin.Default, AgeClass.School, false), Limit(bed));
    }

    [Fact]
    public void A_patients_own_limit_is_an_order_and_an_open_alarm_tells_when_it_changes()
    {
        var bed = new Bedside();
        High(bed, 0);
        bed.Command(Order(CommandKind.SetLimits, 20_500) with { Signal = SignalCode.HeartRate, High = 110 }, 20_500);
        High(bed, 21);
        Assert.Equal((110.0, LimitOrigin.Order, AgeClass.Adult, true), Limit(bed));
        Assert.Equal((1, AnomalyChange.Evidence), (bed.Anomalies[^1].Revision, bed.Anomalies[^1].Change));
        High(bed, 41);
        Assert.Equal(2, bed.Anomalies.Count);
    }

    [Fact]
    public void What_an_order_of_limits_leaves_out_stays_as_the_unit_has_configured_it()
    {
        var bed = new Bedside(Configured(115));
        bed.HeartRate(0, 80);
        Assert.Null(bed.Command(Order(CommandKind.SetLimits, 500) with { Signal = SignalCode.HeartRate, Low = 45 }, 500));
        Assert.Equal(new SignalLimits(45, 115, null), bed.State.Orders!.OwnLimitsOf(SignalCode.HeartRate));
        High(bed, 1);
        Assert.Equal((115.0, LimitOrigin.Order, AgeClass.Adult, true), Limit(bed));
    }

    [Theory]
    [InlineData(null, false, 140, LimitOrigin.Default, AgeClass.Adult, true)]
    [InlineData(AgeClass.Adult, false, 140, LimitOrigin.Default, AgeClass.Adult, false)]
    [InlineData(AgeClass.Adult, true, 150, LimitOrigin.Order, AgeClass.Adult, false)]
    [InlineData(AgeClass.School, false, 143, LimitOrigin.Default, AgeClass.School, false)]
    public void An_extreme_tachycardia_names_its_rate_and_what_that_comes_from(AgeClass? age, bool ordered, double limit, LimitOrigin origin, AgeClass told, bool assumed)
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.SpO2, 97)]);
        if (age is { } known)
            bed.Command(Order(CommandKind.SetDemographics, 100) with { AgeClass = known }, 100);
        if (ordered)
            bed.Command(Order(CommandKind.SetLimits, 200) with { Signal = SignalCode.HeartRate, High = 130 }, 200);
        List<(double At, bool IsVentricular)> beats = [.. SyntheticHeart.Every(60.0 / 175, 1, 25).Select(at => (at, false))];
        for (int second = 1; second < 25; second++)
            bed.Send((second + 1) * 1000, ClinicalActorTests.Chunk(WaveformSignal.EcgII, 250, 200, second, t => SyntheticHeart.Ecg(t, beats, 1)));
        AnomalyMessage raised = Assert.Single(bed.Anomalies, message => message is { Rule: "extreme-tachycardia", State: AnomalyState.Raised });
        Assert.Equal((limit, origin, told, assumed), (raised.Threshold!.Value, raised.LimitOrigin, raised.AgeClass, raised.IsAgeAssumed));
    }

    [Theory]
    [InlineData(110.0, LimitOrigin.Configuration)]
    [InlineData(null, LimitOrigin.Default)]
    public void An_extreme_rate_follows_the_units_limit_of_the_heart_rate_and_the_standard_one_where_that_is_not_judged(double? configured, LimitOrigin origin)
    {
        ActorConfiguration configuration = configured is { } limit
            ? Configured(limit)
            : new([.. ConfiguredLimit.Default.Where(rule => rule.Rule.Condition != ConditionId.HeartRateHigh)], new(), new());
        Assert.Equal(new(origin, AgeClass.Unknown), configuration.BasisOfExtreme(LimitSide.High, null, 0));
        Assert.Equal(new(LimitOrigin.Default, AgeClass.Unknown), configuration.BasisOfExtreme(LimitSide.Low, null, 0));
    }

    [Fact]
    public void A_ventricular_tachycardia_names_its_rate_and_age_and_an_asystole_neither()
    {
        var bed = new Bedside();
        List<(double At, bool IsVentricular)> beats =
        [
            .. SyntheticHeart.Every(0.8, 0.5, 15).Select(at => (at, false)), .. SyntheticHeart.Every(0.4, 15.2, 20).Select(at => (at, true)), .. SyntheticHeart.Every(0.8, 20.6, 26).Select(at => (at, false)),
        ];
        for (int second = 0; second < 40; second++)
            bed.Send((second + 1) * 1000, ClinicalActorTests.Chunk(WaveformSignal.EcgII, 250, 200, second, t => SyntheticHeart.Ecg(t, beats, 1)));
        AnomalyMessage tachycardia = Assert.Single(bed.Anomalies, message => message is { Rule: "ventricular-tachycardia", State: AnomalyState.Raised });
        Assert.Equal((100.0, LimitOrigin.Default, AgeClass.Adult, true), (tachycardia.Threshold!.Value, tachycardia.LimitOrigin, tachycardia.AgeClass, tachycardia.IsAgeAssumed));
        AnomalyMessage asystole = Assert.Single(bed.Anomalies, message => message is { Rule: "asystole", State: AnomalyState.Raised });
        Assert.Equal((null, LimitOrigin.None, AgeClass.Unknown, false), (asystole.Threshold, asystole.LimitOrigin, asystole.AgeClass, asystole.IsAgeAssumed));
    }

    [Fact]
    public void Both_scores_are_made_of_the_same_rate_and_the_same_pressure()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.PulseRate, 134), (SignalCode.ArterialSystolic, 88), (SignalCode.CuffSystolic, 100)]);
        AnomalyMessage news2 = bed.Scores.Single(message => message.Rule == "news2"), index = bed.Scores.Single(message => message.Rule == "shock-index");
        Assert.Equal([(SignalCode.PulseRate, 134.0), (SignalCode.ArterialSystolic, 88.0)], index.Contributors.Select(part => (part.Code, part.Value)));
        Assert.Equal((SignalCode.ArterialSystolic, 88.0), (news2.News2!.Parts[3].Code, news2.News2.Parts[3].Value!.Value));
        Assert.Equal((SignalCode.PulseRate, 134.0), (news2.News2.Parts[4].Code, news2.News2.Parts[4].Value!.Value));
        Assert.Equal((AgeClass.Adult, true), (index.AgeClass, index.IsAgeAssumed));
    }

    [Fact]
    public void Every_message_of_the_actor_comes_back_from_both_its_forms()
    {
        var bed = new Bedside(Configured(115));
        Sick(bed, 0);
        bed.Command(Order(CommandKind.SetConsciousness, 6000) with { Consciousness = Consciousness.Voice }, 6000);
        Sick(bed, Minute);
        High(bed, 130);
        AnomalyMessage[] told = [.. bed.Scores, .. bed.Anomalies];
        Assert.Contains(told, message => message.News2 is not null);
        Assert.Contains(told, message => message.LimitOrigin == LimitOrigin.Configuration);
        foreach (AnomalyMessage message in told)
        {
            string expected = Encoding.UTF8.GetString(AnomalyJson.Write(message));
            Assert.Equal(expected, Encoding.UTF8.GetString(AnomalyJson.Write(AnomalyJson.Parse(AnomalyJson.Write(message)))));
            Assert.Equal(expected, Encoding.UTF8.GetString(AnomalyJson.Write(AnomalyProtobuf.Parse(AnomalyProtobuf.Write(message)))));
        }
    }

    private static (double, LimitOrigin, AgeClass, bool) Limit(Bedside bed) =>
        (bed.Anomalies[^1].Threshold!.Value, bed.Anomalies[^1].LimitOrigin, bed.Anomalies[^1].AgeClass, bed.Anomalies[^1].IsAgeAssumed);

    /// <summary>20 s of a heart rate above all limits of these tests, by less than makes it severe.</summary>
    private static void High(Bedside bed, int fromSecond)
    {
        for (int second = fromSecond; second < fromSecond + 20; second++)
            bed.HeartRate(second * 1000, 128);
    }

    /// <summary>12 points of NEWS2 at least.</summary>
    private static void Sick(Bedside bed, long atMs) =>
        bed.Send(atMs, [(SignalCode.HeartRate, 134), (SignalCode.SpO2, 90), (SignalCode.RespiratoryRate, 28), (SignalCode.CuffSystolic, 88)]);

    /// <summary>Two minutes without points.</summary>
    private static void Well(Bedside bed, long fromMs)
    {
        for (int second = 0; second <= 120; second += 10)
            bed.Send(fromMs + (second * 1000), [(SignalCode.HeartRate, 80), (SignalCode.SpO2, 97), (SignalCode.RespiratoryRate, 16), (SignalCode.CuffSystolic, 120)]);
    }

    private static CommandMessage Order(CommandKind kind, long atMs) => new(Bedside.Patient, kind, "", "dr.gray", null, Bedside.Start + atMs);

    private static ActorConfiguration Configured(double highRate) =>
        new([.. ConfiguredLimit.Default.Select(limit => limit.Rule.Condition == ConditionId.HeartRateHigh ? limit with { AdultLimit = highRate } : limit)], new(), new());
}
