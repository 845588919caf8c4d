using System.Text;

using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Anomalies;

public sealed class AnomalyFormsTests
{
    private static readonly AnomalyMessage Model = new(
        "icu:bed-7/12/1", "icu:bed-7/10/0", 2, "icu:bed-7", "e-1", 1795262400000, 1795262400250, AnomalyKind.Model, AnomalySeverity.High, AnomalyState.Updated, null, 0.7123, 0.65,
        [new(SignalCode.HeartRate, "slope10m", 12.5, 0.6), new(SignalCode.SpO2, "mean30s", 88.1, 0.25)], "forest-3");

    private static readonly AnomalyMessage Rule = new(
        "default:Ü \"1\"/3/0", "default:Ü \"1\"/3/0", 0, "default:Ü \"1\"", null, 0, 1, AnomalyKind.Rule, AnomalySeverity.Medium, AnomalyState.Raised, "hr-high", null, 140,
        [new(SignalCode.HeartRate, "value", 151, 11)], null);

    private static readonly AnomalyMessage NoData = new(
        "a:b/9/0", "a:b/8/0", 1, "a:b", null, 5, 6, AnomalyKind.NoData, AnomalySeverity.Low, AnomalyState.Cleared, null, null, null, [], null);

    public static TheoryData<int> All => [0, 1, 2];

    private static AnomalyMessage Message(int index) => new[] { Model, Rule, NoData }[index];

    [Fact]
    public void An_anomaly_is_written_as_the_contract_says() => Assert.Equal(
        """
        {"v":1,"eventId":"icu:bed-7/12/1","anomalyId":"icu:bed-7/10/0","revision":2,"patient":"icu:bed-7","encounter":"e-1","eventTime":"2026-11-21T12:00:00.000Z","detectedAt":"2026-11-21T12:00:00.250Z","kind":"model","severity":"high","state":"updated","score":0.7123,"threshold":0.65,"contributing":[{"code":"hr","display":"Heart rate","loinc":"8867-4","unit":"/min","feature":"slope10m","value":12.5,"contribution":0.6},{"code":"spo2","display":"Oxygen saturation (pulse oximetry)","loinc":"59408-5","unit":"%","feature":"mean30s","value":88.1,"contribution":0.25}],"modelVersion":"forest-3"}
        """, Encoding.UTF8.GetString(AnomalyJson.Write(Model)));

    [Theory]
    [MemberData(nameof(All))]
    public void An_anomaly_comes_back_from_both_forms(int index)
    {
        AnomalyMessage message = Message(index);
        foreach (AnomalyMessage back in new[] { AnomalyJson.Parse(AnomalyJson.Write(message)), AnomalyProtobuf.Parse(AnomalyProtobuf.Write(message)) })
        {
            Assert.Equal(message.Contributors, back.Contributors);
            Assert.Equal(message, back with { Contributors = message.Contributors });
        }
    }

    [Fact]
    public void A_figure_that_is_no_number_does_not_stop_an_alarm()
    {
        AnomalyMessage message = Rule with { Contributors = [new(SignalCode.Weight, "value", double.NaN, double.PositiveInfinity)] };
        Contributor back = AnomalyJson.Parse(AnomalyJson.Write(message)).Contributors[0];
        Assert.True(double.IsNaN(back.Value) && double.IsNaN(back.Contribution));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"v":2}""")]
    [InlineData("""{"eventId":"a","anomalyId":"a","revision":0,"patient":"p","eventTime":"yesterday","detectedAt":"2026-11-21T12:00:00Z","kind":"rule","severity":"low","state":"raised"}""")]
    [InlineData("""{"eventId":"a","anomalyId":"a","revision":0,"patient":"p","eventTime":"2026-11-21T12:00:00Z","detectedAt":"2026-11-21T12:00:00Z","kind":"","severity":"low","state":"raised"}""")]
    [InlineData("""{"eventId":"\ud800"}""")]
    [InlineData("""{"eventId":5}""")]
    [InlineData("""{"contributing":[{"code":"zz","feature":"value"}]}""")]
    public void What_is_no_anomaly_is_refused_with_a_reason(string json) =>
        Assert.NotEmpty(Assert.Throws<InvalidDataException>(() => AnomalyJson.Parse(Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void What_is_no_protobuf_anomaly_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => AnomalyProtobuf.Parse([0x12, 0x05, 0x61]));
        Assert.Throws<InvalidDataException>(() => AnomalyProtobuf.Parse([]));
        Assert.Throws<InvalidDataException>(() => AnomalyProtobuf.Parse([0x08, 0x02, 0x12, 0x01, 0x61]));
    }
}
