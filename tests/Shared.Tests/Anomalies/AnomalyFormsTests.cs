using System.Text;

using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
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

    private static readonly AnomalyMessage Score = new(
        "a:b/12/0", "a:b/12/0", 0, "a:b", null, 1795262400000, 1795262400100, AnomalyKind.Score, AnomalySeverity.Medium, AnomalyState.Raised, "news2", 5, 5,
        [new(SignalCode.CuffSystolic, "news2", 85, 3)], null)
    {
        AgeClass = AgeClass.Adult,
        IsAgeAssumed = true,
        News2 = new(
            2,
            [
                new(News2Parameter.RespiratoryRate, News2Standing.Scored, 0, SignalCode.RespiratoryRate, 16, 1795262399000),
                new(News2Parameter.OxygenSaturation, News2Standing.Scored, 0, SignalCode.SpO2, 90, 1795262399000),
                new(News2Parameter.SupplementalOxygen, News2Standing.Scored, 2, SignalCode.None, (double)OxygenStatus.Oxygen, 1795260000000),
                new(News2Parameter.SystolicPressure, News2Standing.Scored, 3, SignalCode.CuffSystolic, 85, 1795262399000),
                new(News2Parameter.Pulse, News2Standing.Scored, 0, SignalCode.PulseRate, 80, 1795262399000),
                new(News2Parameter.Consciousness, News2Standing.Missing, 0, SignalCode.None, null, null),
                new(News2Parameter.Temperature, News2Standing.Stale, 0, SignalCode.CoreTemperature, 37.4, 1795238000000),
            ]),
    };

    private static readonly AnomalyMessage Ordered = Rule with { LimitOrigin = LimitOrigin.Order, AgeClass = AgeClass.School };

    private static readonly AnomalyMessage Over = NoData with { Reason = AnomalyReason.Over };

    public static TheoryData<int> All => [0, 1, 2, 3, 4, 5];

    public static TheoryData<AnomalyReason> Reasons => [.. Enum.GetValues<AnomalyReason>()];

    private static AnomalyMessage Message(int index) => new[] { Model, Rule, NoData, Score, Ordered, Over }[index];

    [Fact]
    public void A_score_of_NEWS2_is_written_as_the_contract_says() => Assert.Equal(
        """
        {"v":1,"eventId":"a:b/12/0","anomalyId":"a:b/12/0","revision":0,"patient":"a:b","eventTime":"2026-11-21T12:00:00.000Z","detectedAt":"2026-11-21T12:00:00.100Z","kind":"score","severity":"medium","state":"raised","rule":"news2","score":5,"threshold":5,"ageClass":"adult","ageAssumed":true,"contributing":[{"code":"nbp-sys","display":"Blood pressure, non-invasive, systolic","loinc":"76534-7","unit":"mm[Hg]","feature":"news2","value":85,"contribution":3}],"news2":{"bound":"at-least","missing":["consciousness"],"stale":["temperature"],"spo2Scale":2,"parts":[{"parameter":"respiratory-rate","standing":"scored","points":0,"code":"rr","unit":"/min","value":16,"time":"2026-11-21T11:59:59.000Z"},{"parameter":"oxygen-saturation","standing":"scored","points":0,"code":"spo2","unit":"%","value":90,"time":"2026-11-21T11:59:59.000Z"},{"parameter":"supplemental-oxygen","standing":"scored","points":2,"word":"oxygen","time":"2026-11-21T11:20:00.000Z"},{"parameter":"systolic-pressure","standing":"scored","points":3,"code":"nbp-sys","unit":"mm[Hg]","value":85,"time":"2026-11-21T11:59:59.000Z"},{"parameter":"pulse","standing":"scored","points":0,"code":"pr","unit":"/min","value":80,"time":"2026-11-21T11:59:59.000Z"},{"parameter":"consciousness","standing":"missing"},{"parameter":"temperature","standing":"stale","code":"temp-core","unit":"Cel","value":37.4,"time":"2026-11-21T05:13:20.000Z"}]}}
        """, Encoding.UTF8.GetString(AnomalyJson.Write(Score)));

    [Fact]
    public void A_score_of_which_all_is_known_is_exact()
    {
        News2Detail known = Score.News2! with { Parts = [.. Score.News2!.Parts.Select(part => part with { Standing = News2Standing.Scored })] };
        Assert.False(known.IsLowerBound);
        Assert.Contains("""{"bound":"exact","missing":[],"stale":[],""", Encoding.UTF8.GetString(AnomalyJson.Write(Score with { News2 = known })), StringComparison.Ordinal);
    }

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
            Assert.Equal((message.News2?.SpO2Scale, message.News2?.Parts), (back.News2?.SpO2Scale, back.News2?.Parts), (a, b) => a.SpO2Scale == b.SpO2Scale && (a.Parts ?? []).SequenceEqual(b.Parts ?? []));
            Assert.Equal(message, back with { Contributors = message.Contributors, News2 = message.News2 });
        }
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Why_it_ended_comes_back_from_both_forms(AnomalyReason reason)
    {
        AnomalyMessage message = NoData with { Reason = reason };
        Assert.Equal(reason, AnomalyJson.Parse(AnomalyJson.Write(message)).Reason);
        Assert.Equal(reason, AnomalyProtobuf.Parse(AnomalyProtobuf.Write(message)).Reason);
        Assert.Equal(reason != AnomalyReason.None, Encoding.UTF8.GetString(AnomalyJson.Write(message)).Contains($"\"reason\":\"{AnomalyJson.Text(reason)}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_are_written_with_the_decimals_that_the_contract_states()
    {
        AnomalyMessage message = Model with
        {
            Score = 0.6123456954956055,
            Threshold = 0.61234504,
            Contributors = [new(SignalCode.HeartRate, "value", 12.300000190734863, 0.1 + 0.2), new(SignalCode.SpO2, "slope10m", -0.00004, 1.00005)],
        };
        string json = Encoding.UTF8.GetString(AnomalyJson.Write(message));
        Assert.Contains("\"score\":0.612346,\"threshold\":0.612345,", json, StringComparison.Ordinal);
        Assert.Contains("\"value\":12.3,\"contribution\":0.3}", json, StringComparison.Ordinal);
        AnomalyMessage back = AnomalyProtobuf.Parse(AnomalyProtobuf.Write(message));
        Assert.Equal((0.612346, 0.612345, new Contributor(SignalCode.HeartRate, "value", 12.3, 0.3)), (back.Score, back.Threshold, back.Contributors[0]));
        Assert.Equal(AnomalyJson.Parse(AnomalyJson.Write(message)).Contributors, back.Contributors);
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

    [Theory]
    [InlineData("\"parameter\":\"consciousness\"", "\"parameter\":\"mood\"", "mood")]
    [InlineData("\"standing\":\"missing\"", "\"standing\":\"guessed\"", "guessed")]
    [InlineData("\"word\":\"oxygen\"", "\"word\":\"helium\"", "helium")]
    [InlineData("\"code\":\"temp-core\"", "\"code\":\"temp-moon\"", "temp-moon")]
    [InlineData("\"parts\":[", "\"parts\":[{\"parameter\":\"pulse\",\"standing\":\"missing\"},", "7")]
    [InlineData("\"spo2Scale\":2,", "", "spo2Scale")]
    public void What_is_no_score_of_NEWS2_is_refused_with_a_reason(string there, string instead, string reason)
    {
        string json = Encoding.UTF8.GetString(AnomalyJson.Write(Score));
        Assert.Contains(there, json, StringComparison.Ordinal);
        byte[] wrong = Encoding.UTF8.GetBytes(json.Replace(there, instead, StringComparison.Ordinal));
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => AnomalyJson.Parse(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_protobuf_anomaly_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => AnomalyProtobuf.Parse([0x12, 0x05, 0x61]));
        Assert.Throws<InvalidDataException>(() => AnomalyProtobuf.Parse([]));
        Assert.Throws<InvalidDataException>(() => AnomalyProtobuf.Parse([0x08, 0x02, 0x12, 0x01, 0x61]));
    }
}
