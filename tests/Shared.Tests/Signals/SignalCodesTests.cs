using System.Globalization;
using System.Text;

using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Signals;

public sealed class SignalCodesTests
{
    public static TheoryData<SignalCode> Codes => [.. SignalCodes.All.ToArray().Select(info => info.Code)];

    [Fact]
    public void Every_code_but_none_stands_in_the_table_once()
    {
        SignalCode[] listed = [.. SignalCodes.All.ToArray().Select(info => info.Code)];
        Assert.Equal(Enum.GetValues<SignalCode>().Where(code => code != SignalCode.None), listed);
        Assert.Equal(SignalCodes.Count, listed.Length + 1);
        Assert.Equal(listed.Length, SignalCodes.All.ToArray().Select(info => info.Name).Distinct().Count());
        Assert.Equal(listed.Length, SignalCodes.All.ToArray().Select(info => info.Loinc).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_code_is_found_by_its_name_and_its_LOINC_code(SignalCode code)
    {
        SignalCodeInfo info = SignalCodes.Get(code);
        Assert.True(SignalCodes.TryFind(Encoding.UTF8.GetBytes(info.Name), out SignalCode byName));
        Assert.True(SignalCodes.TryFind(Encoding.UTF8.GetBytes(info.Loinc), out SignalCode byLoinc));
        Assert.Equal((code, code), (byName, byLoinc));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HR")]
    [InlineData("hr ")]
    [InlineData("8867")]
    [InlineData("8480-6")]
    [InlineData("a name that is longer than any in the table")]
    public void An_unknown_or_ambiguous_text_finds_no_code(string text)
    {
        Assert.False(SignalCodes.TryFind(Encoding.UTF8.GetBytes(text), out SignalCode code));
        Assert.Equal(SignalCode.None, code);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_step_of_a_code_is_the_double_nearest_to_its_decimal_and_comes_back(SignalCode code)
    {
        SignalCodeInfo info = SignalCodes.Get(code);
        decimal steps = ((decimal)info.Maximum - (decimal)info.Minimum) / (decimal)info.Resolution;
        Assert.Equal(Math.Truncate(steps), steps);
        Assert.InRange(steps, 1, ushort.MaxValue);
        for (int step = 0; step <= (int)steps; step++)
        {
            decimal exact = (decimal)info.Minimum + (step * (decimal)info.Resolution);
            double value = SignalCodes.ToValue(code, (ushort)step);
            Assert.Equal(double.Parse(exact.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), value);
            Assert.True(SignalCodes.Quantise(code, value, out ushort back));
            Assert.Equal(step, back);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Values_outside_the_range_are_refused(SignalCode code)
    {
        SignalCodeInfo info = SignalCodes.Get(code);
        foreach (double value in new[] { Math.BitIncrement(info.Maximum), Math.BitDecrement(info.Minimum), double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue })
            Assert.False(SignalCodes.Quantise(code, value, out _));
    }

    [Theory]
    [InlineData(72.05, 720)]
    [InlineData(72.15, 722)]
    [InlineData(72.149, 721)]
    [InlineData(0.04, 0)]
    [InlineData(349.96, 3500)]
    public void Half_a_step_goes_to_the_even_neighbour(double value, int steps)
    {
        Assert.True(SignalCodes.Quantise(SignalCode.HeartRate, value, out ushort found));
        Assert.Equal(steps, found);
    }

    [Fact]
    public void A_number_that_is_no_code_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalCodes.Get(SignalCode.None).Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalCodes.ToValue((SignalCode)SignalCodes.Count, 0));
    }

    [Fact]
    public void Finding_a_code_allocates_nothing()
    {
        SignalCodes.TryFind("hr"u8, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SignalCodes.TryFind("temp-core"u8, out _);
        SignalCodes.TryFind("no such code"u8, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
