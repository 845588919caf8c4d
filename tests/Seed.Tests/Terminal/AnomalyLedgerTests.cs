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
    public void A_patient_with_slashes_is_understood() => Assert.True(_ledger.Add(Samples.Rule("ward/7:bed/3", 1)));

    [Theory]
    [InlineData("default:a/x/0")]
    [InlineData("default:a/1")]
    [InlineData("7")]
    public void An_event_id_of_another_form_is_told(string eventId) =>
        Assert.Throws<FormatException>(() => _ledger.Add(Samples.Rule("default:a", 1) with { EventId = eventId }));
}
