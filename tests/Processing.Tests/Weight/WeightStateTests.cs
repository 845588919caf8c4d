using PhysioActors.Processing.Weight;

namespace PhysioActors.Processing.Tests.Weight;

public sealed class WeightStateTests
{
    private static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));

    [Fact]
    public void A_state_that_was_encoded_goes_on_bit_for_bit_wherever_it_was_cut()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            Scale whole = new();
            Scale cut = new();
            foreach (WeightMeasurement measurement in Mixed(seed, 120))
            {
                WeightResult expected = whole.Take(measurement);
                if (random.Next(4) == 0)
                    cut.State = Scale.Decode(Scale.Bytes(cut.State));
                Assert.Equal(expected, cut.Take(measurement));
                Assert.True(Scale.Bytes(whole.State).AsSpan().SequenceEqual(Scale.Bytes(cut.State)), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void A_state_is_small_whatever_happens()
    {
        int largest = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            Scale scale = new();
            foreach (WeightMeasurement measurement in Mixed(seed, 150))
            {
                scale.Take(measurement);
                largest = Math.Max(largest, Scale.Bytes(scale.State).Length);
            }
        }

        Assert.InRange(largest, 550, 740);
        Assert.InRange(Scale.Bytes(new Scale().Settled(80, days: 60).State).Length, 540, 600);
    }

    [Fact]
    public void A_state_of_this_version_reads_as_it_was_written()
    {
        Assert.Equal(Fixture("weight-state.v2.txt").Trim(), WeightStateText.Write(new Scale().Settled(80, days: 20).State));
        Assert.Equal(WeightStateCondition.Intact, WeightStateText.Read(Fixture("weight-state.v2.txt"), out WeightState state, out string? problem));
        Assert.Null(problem);
        Assert.Equal(Fixture("weight-state.v2.txt").Trim(), WeightStateText.Write(state));
    }

    [Fact]
    public void A_begun_state_of_version_1_is_migrated_and_goes_on()
    {
        Assert.Equal(WeightStateCondition.Migrated, WeightStateText.Read(Fixture("weight-state-begun.v1.txt"), out WeightState state, out string? problem));
        Assert.Null(problem);
        WeightEstimate estimate = state.Estimate!.Value;
        Assert.Equal((1_753_000_000_000, 81.25), (estimate.TimeMs, estimate.Kilograms));
        Assert.Equal(0.3, estimate.Deviation, 1e-12);
        Assert.Equal(7 * -0.015, estimate.TrendPerWeek, 1e-12);
        Assert.Equal(7 * 0.03 * 81.25 / 80, estimate.TrendDeviation, 1e-12);
        WeightStep step = WeightService.Handle(state, new WeightMeasurement(1_753_086_400_000, 81.5, WeightSource.PatientScale), WeightConfiguration.Standard);
        Assert.Equal(WeightOutcome.Accepted, step.Result.Outcome);
        Assert.Equal(WeightStateCondition.Intact, WeightStateText.Read(WeightStateText.Write(step.State), out WeightState again, out _));
        Assert.Equal(step.State, again);
    }

    [Fact]
    public void A_queue_of_version_1_is_migrated_and_goes_on()
    {
        Assert.Equal(WeightStateCondition.Migrated, WeightStateText.Read(Fixture("weight-state-queued.v1.txt"), out WeightState state, out _));
        Assert.Null(state.Estimate);
        WeightStep step = WeightService.Handle(state, new WeightMeasurement(1_753_086_400_000, 81.2, WeightSource.PatientScale), WeightConfiguration.Standard);
        Assert.Equal(WeightOutcome.Initialised, step.Result.Outcome);
    }

    [Fact]
    public void A_state_goes_on_when_paces_begin_or_cease_to_be_learnt()
    {
        Scale scale = new Scale(WeightConfiguration.Linear).Settled(80);
        WeightEstimate linear = scale.State.Estimate!.Value;
        WeightStep learning = WeightService.Handle(scale.State, Scale.At(10, 80.2), WeightConfiguration.Standard);
        Assert.Equal(WeightOutcome.Accepted, learning.Result.Outcome);
        Assert.Equal(80.2 - linear.Kilograms, learning.Result.PredictionError!.Value, 0.05);
        WeightStep again = WeightService.Handle(learning.State, Scale.At(11, 80.1), WeightConfiguration.Linear);
        Assert.Equal(WeightOutcome.Accepted, again.Result.Outcome);
        Assert.Equal(80.1 - learning.Result.Estimate!.Value.Kilograms, again.Result.PredictionError!.Value, 0.05);
    }

    [Fact]
    public void Every_damaged_character_is_noticed_and_the_state_begins_anew()
    {
        string text = WeightStateText.Write(new Scale().Settled(80).State);
        for (int i = 0; i < text.Length; i++)
        {
            string damaged = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            if (damaged.Equals(text, StringComparison.OrdinalIgnoreCase) && i > text.LastIndexOf('.'))
                continue; // The checksum may be in capitals.
            Assert.Equal(WeightStateCondition.Corrupted, WeightStateText.Read(damaged, out WeightState state, out string? problem));
            Assert.NotNull(problem);
            Assert.Equal(WeightState.Empty, state);
        }

        for (int length = 1; length < text.Length; length++)
            Assert.Equal(WeightStateCondition.Corrupted, WeightStateText.Read(text[..length], out _, out _));
        Assert.Equal(WeightStateCondition.Absent, WeightStateText.Read(" \n", out WeightState fresh, out _));
        Assert.Equal(WeightState.Empty, fresh);
    }

    [Fact]
    public void Bytes_that_are_no_state_are_an_error_and_never_anything_else()
    {
        byte[] bytes = Scale.Bytes(new Scale().Settled(80).State);
        Random random = new(5);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = bytes[..random.Next(1, bytes.Length + 1)];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                WeightState state = Scale.Decode(damaged);
                Assert.Equal(damaged.Length, Scale.Bytes(state).Length);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 10_000);
    }

    [Fact]
    public void A_state_with_right_checksum_but_wrong_contents_or_version_is_noticed()
    {
        byte[] bytes = Scale.Bytes(new Scale().Settled(80).State);
        Assert.Equal(WeightStateCondition.Corrupted, WeightStateText.Read(WeightStateText.Of([.. bytes, 0]), out _, out string? more));
        Assert.Contains("more follows", more, StringComparison.Ordinal);
        bytes[0] = 0;
        Assert.Equal(WeightStateCondition.Corrupted, WeightStateText.Read(WeightStateText.Of(bytes), out _, out string? version));
        Assert.Contains("version 0", version, StringComparison.Ordinal);
        Assert.Equal(WeightStateCondition.Corrupted, WeightStateText.Read(WeightStateText.Of([]), out _, out _));
    }

    [Fact]
    public void A_state_of_a_later_version_is_whole_and_not_taken_for_damage()
    {
        byte[] bytes = Scale.Bytes(new Scale().Settled(80).State);
        bytes[0] = 9;
        string text = WeightStateText.Of(bytes);
        Assert.Equal(WeightStateCondition.Newer, WeightStateText.Read(text, out WeightState state, out string? problem));
        Assert.Contains("version 9", problem, StringComparison.Ordinal);
        Assert.Equal(WeightState.Empty, state);
        Assert.Equal(WeightStateCondition.Corrupted, WeightStateText.Read(text[..^1], out _, out _));
    }

    [Theory]
    [InlineData("physio-weight.AgEAAAGAkIexgmeamZmZmVlUQA", true)]
    [InlineData("physio-weight.AgEA.c5634cf2", true)]
    [InlineData("phys1o-weight.AgEA.c5634cf287ce4afd", true)]
    [InlineData("physio-weight.state", false)]
    [InlineData("physio-weight", false)]
    [InlineData("patient.state", false)]
    [InlineData("a.b.c", false)]
    [InlineData("", false)]
    public void What_was_meant_as_a_state_is_told_from_the_name_of_a_file(string text, bool isMeant) => Assert.Equal(isMeant, WeightStateText.IsMeant(text));

    /// <summary>Weighings with everything in them: wrong units, other people, gaps, late and repeated ones.</summary>
    private static List<WeightMeasurement> Mixed(int seed, int count)
    {
        Random random = new(seed);
        List<WeightMeasurement> measurements = [];
        double day = 0;
        for (int i = 0; i < count; i++)
        {
            day += random.Next(40) == 0 ? 45 : random.Next(10) == 0 ? -1.5 : random.NextDouble() * 2;
            double kilograms = random.Next(12) switch
            {
                0 => 80 * 2.2046,
                1 or 2 or 3 => 91 + random.NextDouble(),
                4 => 18.0,
                _ => 80 + SimulatedWeight.Normal(random) * 0.5,
            };
            WeightMeasurement measurement = Scale.At(Math.Max(0, day), kilograms, (WeightSource)random.Next(1, 5)) with
            {
                IsConfirmed = random.Next(50) == 0,
                WrittenIn = (WeightUnit)random.Next(2),
            };
            measurements.Add(random.Next(15) == 0 && i > 0 ? measurements[^1] : measurement);
        }

        return measurements;
    }
}
