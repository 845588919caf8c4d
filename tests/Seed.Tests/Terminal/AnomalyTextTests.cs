using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
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
        Assert.Equal("", AnomalyText.Remark(anomaly with { State = AnomalyState.Acknowledged, Sound = AlarmSound.Acknowledged }));
    }
}
