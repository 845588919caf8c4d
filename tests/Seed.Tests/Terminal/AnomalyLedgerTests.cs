using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Seed.Tests.Terminal;

public sealed class AnomalyLedgerTests
{
    private readonly AnomalyLedger _ledger = new();

    [Fact]
    public void Repeats_are_not_counted()
    {
        Assert.True(_ledger.Add(Samples.Rule("default:a", 5)));
        Assert.True(_ledger.Add(Samples.Rule("default:a", 9, AnomalyState.Updated, "default:a/5/0")));
        Assert.False(_ledger.Add(Samples.Rule("default:a", 5)));
        Assert.False(_ledger.Add(Samples.Rule("default:a", 9, AnomalyState.Updated, "default:a/5/0")));
        Assert.True(_ledger.Add(Samples.Rule("default:b", 1)));

        Assert.Equal((3, 2, 2), (_ledger.Distinct, _ledger.Repeats, _ledger.Raised));
    }

    [Fact]
    public void A_cleared_anomaly_is_no_longer_open()
    {
        _ledger.Add(Samples.Rule("default:a", 1));
        _ledger.Add(Samples.Rule("default:b", 1, severity: AnomalySeverity.Low));
        _ledger.Add(Samples.Rule("default:c", 3));
        _ledger.Add(Samples.Rule("default:a", 2, AnomalyState.Cleared, "default:a/1/0"));

        Assert.Equal(["default:c", "default:b"], _ledger.Open.Select(anomaly => anomaly.Patient));
        Assert.Equal("default:a/2/0", _ledger.Recent[0].EventId);
    }

    [Fact]
    public void An_open_anomaly_began_when_it_was_raised_whatever_was_told_of_it_since()
    {
        _ledger.Add(Samples.Rule("default:a", 1, severity: AnomalySeverity.Medium));
        _ledger.Add(Samples.Rule("default:a", 60, AnomalyState.Updated, "default:a/1/0"));
        AnomalyMessage open = Assert.Single(_ledger.Open);
        Assert.Equal((Samples.Rule("default:a", 1).EventTimeMs, AnomalySeverity.High), (open.EventTimeMs, open.Severity));
    }

    [Fact]
    public void A_pause_is_told_and_is_no_anomaly()
    {
        _ledger.Add(Samples.Rule("default:a", 1) with { Kind = AnomalyKind.Pause, Rule = "audio" });
        Assert.Equal((1, 0, 0), (_ledger.Distinct, _ledger.Raised, _ledger.Open.Count));
        Assert.Single(_ledger.Recent);
    }

    [Fact]
    public void A_patient_with_slashes_is_understood() => Assert.True(_ledger.Add(Samples.Rule("ward/7:bed/3", 1)));

    [Theory]
    [InlineData("default:a/x/0")]
    [InlineData("default:a/1")]
    [InlineData("7")]
    public void An_event_id_of_another_form_is_told(string eventId) =>
        Assert.Throws<FormatException>(() => _ledger.Add(Samples.Rule("default:a", 1) with { EventId = eventId }));
}
