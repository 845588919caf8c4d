using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Tests.Terminal;

public sealed class AnomalyTextTests
{
    public static TheoryData<AnomalyKind, string?, double?, double?, string, string> Kinds() => new()
    {
        { AnomalyKind.Rule, "hr-high", null, 120, "hr-high", "hr 151.2 /min (limit 120)" },
        { AnomalyKind.Score, "news2", 7, 7, "news2", "7 (limit 7), hr 151.2 (+31.2), pr 71.5 (+0)" },
        { AnomalyKind.Rhythm, "ventricular-tachycardia", null, null, "ventricular-tachycardia", "hr 151.2 /min, pr 71.5 /min" },
        { AnomalyKind.Technical, "ecg-leads-off", null, null, "ecg-leads-off", "" },
        { AnomalyKind.NoData, null, null, null, "no data", "nothing comes from its devices" },
        { AnomalyKind.Pause, "audio", null, null, "audio paused", "until 2025-12-31 12:02:00" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_has_a_title_and_a_reason(AnomalyKind kind, string? rule, double? score, double? threshold, string title, string reason)
    {
        AnomalyMessage anomaly = Samples.Rule("default:a", 0) with
        {
            Kind = kind,
            Rule = rule,
            Score = score,
            Threshold = threshold,
            Contributors = [new(SignalCode.HeartRate, "value", 151.2, 31.2), new(SignalCode.PulseRate, "pulse", 71.5, 0)],
        };
        if (kind == AnomalyKind.Pause)
            anomaly = anomaly with { Contributors = [], UntilMs = anomaly.EventTimeMs + 120_000 };
        Assert.Equal((title, reason), (AnomalyText.Title(anomaly), AnomalyText.Reason(anomaly)));
    }

    [Theory]
    [InlineData(LimitOrigin.None, AgeClass.Unknown, "spo2 86.5 % (limit 90)")]
    [InlineData(LimitOrigin.Default, AgeClass.Adult, "spo2 86.5 % (limit 90)")]
    [InlineData(LimitOrigin.Default, AgeClass.Neonate, "spo2 86.5 % (limit 90, neonate)")]
    [InlineData(LimitOrigin.Configuration, AgeClass.Adult, "spo2 86.5 % (limit 90, configured)")]
    [InlineData(LimitOrigin.Order, AgeClass.Neonate, "spo2 86.5 % (limit 90, ordered)")]
    public void A_limit_that_is_not_the_usual_one_of_adults_says_where_it_comes_from(LimitOrigin origin, AgeClass age, string reason) =>
        Assert.Equal(reason, AnomalyText.Reason(Samples.Rule("default:a", 0) with { LimitOrigin = origin, AgeClass = age }));

    [Fact]
    public void A_score_of_NEWS2_says_that_it_is_a_lower_bound_where_its_points_are_from_and_what_has_none()
    {
        AnomalyMessage anomaly = Samples.Rule("default:a", 0) with
        {
            Kind = AnomalyKind.Score,
            Rule = "news2",
            Score = 8,
            Threshold = 7,
            News2 = new(
                1,
                [
                    new(News2Parameter.RespiratoryRate, News2Standing.Scored, 0, SignalCode.RespiratoryRate, 16, 1),
                    new(News2Parameter.OxygenSaturation, News2Standing.Missing, 0, SignalCode.None, null, null),
                    new(News2Parameter.SupplementalOxygen, News2Standing.Scored, 2, SignalCode.None, (double)OxygenStatus.Oxygen, 1),
                    new(News2Parameter.SystolicPressure, News2Standing.Scored, 3, SignalCode.CuffSystolic, 85, 1),
                    new(News2Parameter.Pulse, News2Standing.Stale, 0, SignalCode.HeartRate, 80, 1),
                    new(News2Parameter.Consciousness, News2Standing.Scored, 3, SignalCode.None, (double)Consciousness.Confusion, 1),
                    new(News2Parameter.Temperature, News2Standing.Stale, 0, SignalCode.CoreTemperature, 37, 1),
                ]),
        };
        Assert.Equal(
            "at least 8 (limit 7), nbp-sys 85 (+3), consciousness confusion (+3), oxygen (+2); missing: oxygen saturation; too old: pulse, temperature", AnomalyText.Reason(anomaly));
        Assert.StartsWith("at least 2, nbp-sys", AnomalyText.Reason(anomaly with { Score = 2, Threshold = null }), StringComparison.Ordinal);
        News2Detail exact = anomaly.News2! with { Parts = [.. anomaly.News2!.Parts.Where(part => part.Standing == News2Standing.Scored)] };
        Assert.Equal("8 (limit 7), nbp-sys 85 (+3), consciousness confusion (+3), oxygen (+2)", AnomalyText.Reason(anomaly with { News2 = exact }));
    }

    [Fact]
    public void Every_kind_has_a_title_of_its_own()
    {
        string[] titles = [.. Enum.GetValues<AnomalyKind>().Select(kind => AnomalyText.Title(Samples.Rule("default:a", 1) with { Kind = kind, Rule = kind.ToString() }))];
        Assert.Equal(titles.Length, titles.Distinct().Count());
    }

    [Fact]
    public void A_remark_says_what_an_update_is_about_and_why_an_alarm_is_silent()
    {
        AnomalyMessage anomaly = Samples.Rule("default:a", 1, AnomalyState.Updated) with { Sound = AlarmSound.On };
        Assert.Equal("", AnomalyText.Remark(anomaly));
        Assert.Equal("latched", AnomalyText.Remark(anomaly with { Change = AnomalyChange.Latched, IsLatched = true }));
        Assert.Equal("severity, audio-paused", AnomalyText.Remark(anomaly with { Change = AnomalyChange.Severity, Sound = AlarmSound.AudioPaused }));
        Assert.Equal("reminder, acknowledged", AnomalyText.Remark(anomaly with { Change = AnomalyChange.Reminder, Sound = AlarmSound.Acknowledged }));
        Assert.Equal("adult assumed", AnomalyText.Remark(anomaly with { IsAgeAssumed = true }));
        Assert.Equal("", AnomalyText.Remark(anomaly with { State = AnomalyState.Acknowledged, Sound = AlarmSound.Acknowledged }));
    }
}
