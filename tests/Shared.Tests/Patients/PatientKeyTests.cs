using PhysioActors.Shared.Patients;

namespace PhysioActors.Shared.Tests.Patients;

public sealed class PatientKeyTests
{
    [Theory]
    [InlineData("bed-7", "default:bed-7")]
    [InlineData("icu:bed-7", "icu:bed-7")]
    [InlineData("A.b_c-9:x", "A.b_c-9:x")]
    [InlineData("icu:bed:7", "icu:bed:7")]
    [InlineData("icu:Zoë 東", "icu:Zoë 東")]
    public void A_patient_is_brought_to_its_canonical_form(string patient, string expected)
    {
        Assert.True(PatientKey.TryParse(patient, out string canonical, out string problem));
        Assert.Equal((expected, ""), (canonical, problem));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(":x", "no namespace")]
    [InlineData("icu:", "no id")]
    [InlineData("i u:x", "namespace with other characters")]
    [InlineData("icu:a\nb", "control character")]
    [InlineData("icu:a\u009fb", "control character")]
    public void What_is_no_patient_is_told_with_its_problem(string patient, string part)
    {
        Assert.False(PatientKey.TryParse(patient, out _, out string problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_character()
    {
        Assert.False(PatientKey.TryParse("icu:\ud800", out _, out string problem));
        Assert.Contains("surrogate", problem, StringComparison.Ordinal);
        Assert.False(PatientKey.TryParse("icu:\ude00x", out _, out _));
        Assert.True(PatientKey.TryParse("icu:\ud83d\ude00", out _, out _));
    }

    [Fact]
    public void Length_is_counted_in_bytes_with_the_default_namespace()
    {
        Assert.True(PatientKey.TryParse($"icu:{new string('x', 124)}", out _, out _));
        Assert.False(PatientKey.TryParse($"icu:{new string('x', 125)}", out _, out _));
        Assert.False(PatientKey.TryParse($"icu:{new string('é', 63)}", out _, out _));
        Assert.True(PatientKey.TryParse(new string('x', 120), out _, out _));
        Assert.False(PatientKey.TryParse(new string('x', 121), out _, out _));
    }

    [Theory]
    [InlineData("icu:x", "icu:x", true)]
    [InlineData("default:x", "x", true)]
    [InlineData("default:x", "default:x", true)]
    [InlineData("x", "x", false)]
    [InlineData("default:icu:x", "icu:x", false)]
    [InlineData("icu:x", "x", false)]
    [InlineData("", "x", false)]
    public void A_record_key_must_be_the_canonical_form(string key, string patient, bool expected) =>
        Assert.Equal(expected, PatientKey.IsCanonical(System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.UTF8.GetBytes(patient)));
}
