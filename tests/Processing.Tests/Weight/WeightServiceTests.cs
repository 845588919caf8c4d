using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Tests.Weight;

public sealed class WeightServiceTests
{
    [Fact]
    public void Three_weighings_that_agree_begin_a_course_and_fewer_wait()
    {
        Scale scale = new();
        Assert.Equal(WeightOutcome.Queued, scale.Weigh(0, 81.0).Outcome);
        WeightResult second = scale.Weigh(1, 81.4);
        Assert.True(second.NeedsInitialisation);
        Assert.False(second.Accepted);
        Assert.Null(second.Confidence);
        WeightResult third = scale.Weigh(2, 81.1);
        Assert.Equal(WeightOutcome.Initialised, third.Outcome);
        Assert.True(third.Accepted);
        Assert.False(third.NeedsInitialisation);
        Assert.InRange(third.Estimate!.Value.Kilograms, 81.0, 81.3);
        Assert.True(third.Estimate.Value.Lower < third.Estimate.Value.Kilograms && third.Estimate.Value.Kilograms < third.Estimate.Value.Upper);
    }

    [Fact]
    public void A_wrong_weighing_among_the_first_is_left_out_of_the_beginning()
    {
        Scale scale = new();
        scale.Weigh(0, 81.0);
        scale.Weigh(1, 178.6);
        Assert.Equal(WeightOutcome.Queued, scale.Weigh(2, 81.3).Outcome);
        WeightResult begun = scale.Weigh(3, 81.2);
        Assert.Equal(WeightOutcome.Initialised, begun.Outcome);
        Assert.InRange(begun.Estimate!.Value.Kilograms, 81.0, 81.3);
    }

    [Fact]
    public void A_queue_in_which_nothing_agrees_stays_bounded_and_waits()
    {
        Scale scale = new();
        for (int day = 0; day < 40; day++)
        {
            Assert.True(scale.Weigh(day, 20 * Math.Pow(1.15, day % 20)).NeedsInitialisation);
            Assert.True(Scale.Bytes(scale.State).Length <= 740);
        }
    }

    [Fact]
    public void Weighings_that_lie_weeks_apart_begin_where_the_weight_is_now()
    {
        Scale scale = new();
        scale.Weigh(0, 118.0);
        scale.Weigh(20, 115.6);
        WeightResult begun = scale.Weigh(40, 113.6);
        Assert.Equal(WeightOutcome.Initialised, begun.Outcome);
        Assert.InRange(begun.Estimate!.Value.Kilograms, 113.3, 114.3);
    }

    [Theory]
    [InlineData(0.9, 0.95)]
    [InlineData(-0.9, 0.95)]
    [InlineData(1.9, 0.8)]
    [InlineData(-2.9, 0.5)]
    [InlineData(3.1, 0.1)]
    public void Confidence_follows_the_distance_and_beyond_three_deviations_the_course_stands(double deviations, double confidence)
    {
        Scale scale = new Scale().Settled(80);
        WeightResult probe = WeightService.Handle(scale.State, Scale.At(10, 80), scale.Configuration).Result;
        double predicted = 80 - probe.PredictionError!.Value;
        WeightEstimate before = scale.State.Estimate!.Value;
        WeightResult result = scale.Weigh(10, predicted + (deviations * probe.PredictionDeviation!.Value));
        Assert.Equal(confidence, result.Confidence);
        Assert.Equal(confidence > 0.1, result.Accepted);
        if (!result.Accepted)
        {
            Assert.Equal(WeightReason.Implausible, result.Reason);
            Assert.Equal(before.Kilograms, result.Estimate!.Value.Kilograms);
            Assert.True(result.Estimate.Value.Deviation > before.Deviation, "after a rejection that nothing explains the level is less certain");
        }
    }

    [Theory]
    [InlineData(81.4, 179.5, WeightReason.PoundsAsKilograms)]
    [InlineData(81.4, 174.5, WeightReason.PoundsAsKilograms)]
    [InlineData(81.4, 36.9, WeightReason.KilogramsAsPounds)]
    [InlineData(81.4, 18.4, WeightReason.DigitSwap)]
    [InlineData(81.4, 84.1, WeightReason.DigitSwap)]
    [InlineData(81.4, 814, WeightReason.DigitSwap)]
    [InlineData(81.4, 8.14, WeightReason.DigitSwap)]
    [InlineData(121.5, 211.5, WeightReason.DigitSwap)]
    [InlineData(81.4, 62.3, WeightReason.OtherPerson)]
    [InlineData(81.4, 95.0, WeightReason.OtherPerson)]
    [InlineData(81.4, 22.0, WeightReason.OtherPerson)]
    [InlineData(81.4, 85.2, WeightReason.DigitSwapOrShift)]
    [InlineData(81.4, 86.8, WeightReason.OtherPersonOrShift)]
    [InlineData(81.4, 76.3, WeightReason.OtherPersonOrShift)]
    [InlineData(81.4, 83.9, WeightReason.Implausible)]
    [InlineData(81.4, 1.2, WeightReason.Implausible)]
    [InlineData(81.4, 500, WeightReason.Implausible)]
    public void A_rejection_says_why(double level, double weighed, WeightReason reason)
    {
        WeightResult result = new Scale().Settled(level).Weigh(10, weighed);
        Assert.Equal(WeightOutcome.Rejected, result.Outcome);
        Assert.Equal(reason, result.Reason);
        Assert.Equal(0.1, result.Confidence);
        Assert.Equal(weighed, (level + result.PredictionError!.Value), 1.0);
    }

    [Fact]
    public void Digits_are_looked_at_in_the_unit_that_they_were_written_in()
    {
        // 178.2 lb, written 187.2.
        const double pound = 0.45359237;
        Assert.Equal(WeightReason.DigitSwap, new Scale().Settled(178.2 * pound).Weigh(10, 187.2 * pound, unit: WeightUnit.Pound).Reason);
        Assert.Equal(WeightReason.OtherPersonOrShift, new Scale().Settled(178.2 * pound).Weigh(10, 187.2 * pound).Reason);
    }

    [Fact]
    public void A_rejection_that_agrees_with_the_one_before_is_told_as_no_error_until_it_is_a_shift()
    {
        // 84.1 is 81.4 with two digits exchanged; the next morning it would have to be exchanged again.
        Scale scale = new Scale().Settled(81.4);
        Assert.Equal(WeightReason.DigitSwap, scale.Weigh(10, 84.1).Reason);
        Assert.Equal(WeightReason.Implausible, scale.Weigh(10.5, 84.2).Reason);
        Assert.Equal(WeightOutcome.ShiftAccepted, scale.Weigh(11, 84.1).Outcome);

        Scale heavier = new Scale().Settled(81.4);
        Assert.Equal(WeightReason.OtherPerson, heavier.Weigh(10, 94.0).Reason);
        Assert.Equal(WeightReason.Implausible, heavier.Weigh(10.5, 94.3).Reason);

        // A fifth of the weight is not gained in a day.
        Scale other = new Scale().Settled(81.4);
        Assert.Equal(WeightReason.OtherPerson, other.Weigh(10, 104.0).Reason);
        Assert.Equal(WeightReason.OtherPerson, other.Weigh(10.5, 104.3).Reason);
    }

    [Fact]
    public void A_weight_that_came_before_and_went_again_is_another_persons()
    {
        Scale scale = new Scale().Settled(81.4);
        Assert.Equal(WeightReason.OtherPersonOrShift, scale.Weigh(10, 86.8).Reason);
        Assert.True(scale.Weigh(10.01, 81.2).Accepted);
        Assert.True(scale.Weigh(11, 81.5).Accepted);
        Assert.Equal(WeightReason.OtherPerson, scale.Weigh(12, 86.9).Reason);

        // Not where somebody has stood for the first, and not where it was as far off on the other side.
        Scale confirmed = new Scale().Settled(81.4);
        confirmed.Weigh(10, 86.8);
        confirmed.Weigh(10.01, 81.2);
        confirmed.Weigh(10, 86.8, confirmed: true);
        Assert.NotEqual(WeightReason.OtherPerson, confirmed.Weigh(12, 86.9).Reason);
        Scale side = new Scale().Settled(81.4);
        side.Weigh(10, 76.2);
        side.Weigh(10.01, 81.2);
        Assert.Equal(WeightReason.OtherPersonOrShift, side.Weigh(12, 86.9).Reason);
    }

    [Fact]
    public void Reasons_became_finer_without_a_change_of_any_state()
    {
        // The states' digest as the program gave it before, whose reasons were fewer.
        using var digest = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        (long seed, int far) = (1, 0);
        int Next(int below) => (int)((seed = ((seed * 1_103_515_245) + 12_345) & 0x7FFF_FFFF) / 65_536 % below);
        for (int person = 0; person < 20; person++)
        {
            Scale scale = new();
            (int tenths, int hours) = (500 + Next(600), 0);
            for (int weighing = 0; weighing < 120; weighing++)
            {
                hours += 6 + Next(40);
                if (Next(25) == 0)
                    tenths += Next(160) - 80;
                int read = Next(6) == 0 ? tenths + Next(240) - 120 : tenths + Next(11) - 5;
                far += scale.Weigh(hours / 24.0, read / 10.0).Reason is WeightReason.None ? 0 : 1;
                digest.AppendData(Scale.Bytes(scale.State));
            }
        }

        Assert.True(far > 300, $"{far}");
        Assert.Equal("3B9A76A0768DF3F014ECB65CABD0145736204D8982CECF972A00990AEC80ECF6", Convert.ToHexString(digest.GetHashAndReset()));
    }

    [Fact]
    public void Three_consistent_rejections_over_a_day_are_a_shift()
    {
        Scale scale = new Scale().Settled(80);
        Assert.Equal(WeightOutcome.Rejected, scale.Weigh(10, 86.0).Outcome);
        Assert.Equal(WeightOutcome.Rejected, scale.Weigh(10.5, 86.3).Outcome);
        WeightResult third = scale.Weigh(11, 85.9);
        Assert.Equal(WeightOutcome.ShiftAccepted, third.Outcome);
        Assert.True(third.Accepted);
        Assert.Equal((86.0 + 86.3 + 85.9) / 3, third.Estimate!.Value.Kilograms, 1e-12);
        Assert.Equal(WeightOutcome.Accepted, scale.Weigh(12, 86.1).Outcome);
    }

    [Fact]
    public void Rejections_within_a_day_are_no_shift_however_many_but_become_one_when_the_day_has_passed()
    {
        Scale scale = new Scale().Settled(80);
        for (int hour = 0; hour < 12; hour++)
            Assert.Equal(WeightOutcome.Rejected, scale.Weigh(10 + (hour / 24.0), 86.0 + (0.1 * (hour % 3))).Outcome);
        Assert.Equal(WeightOutcome.ShiftAccepted, scale.Weigh(11, 86.1).Outcome);
    }

    [Theory]
    [InlineData(86.0, 74.0, 86.2)] // Not on one side.
    [InlineData(86.0, 92.0, 98.0)] // Not consistent.
    public void Rejections_that_do_not_agree_are_no_shift(double first, double second, double third)
    {
        Scale scale = new Scale().Settled(80);
        scale.Weigh(10, first);
        scale.Weigh(11, second);
        Assert.Equal(WeightOutcome.Rejected, scale.Weigh(12, third).Outcome);
        Assert.InRange(scale.State.Estimate!.Value.Kilograms, 79, 81);
    }

    [Fact]
    public void An_accepted_weighing_between_them_ends_a_row_of_rejections()
    {
        Scale scale = new Scale().Settled(80);
        scale.Weigh(10, 86.0);
        scale.Weigh(11, 86.2);
        Assert.True(scale.Weigh(11.5, 80.1).Accepted);
        Assert.Equal(WeightOutcome.Rejected, scale.Weigh(12, 86.1).Outcome);
    }

    [Theory]
    [InlineData(2.2046, WeightReason.PoundsAsKilograms)]
    [InlineData(1 / 2.2046, WeightReason.KilogramsAsPounds)]
    public void A_wrong_unit_stays_rejected_however_often_and_after_any_gap_until_it_is_confirmed(double ratio, WeightReason reason)
    {
        Scale scale = new Scale().Settled(80);
        for (int day = 10; day < 100; day++)
        {
            WeightResult result = scale.Weigh(day, 80.2 * ratio);
            Assert.Equal(WeightOutcome.Rejected, result.Outcome);
            Assert.Equal(reason, result.Reason);
        }

        Scale still = new Scale().Settled(80);
        for (int day = 10; day < 20; day++)
            still.Weigh(day, 80.2 * ratio);
        WeightResult confirmed = still.Weigh(20, 80.2 * ratio, confirmed: true);
        Assert.Equal(WeightOutcome.ConfirmedAccepted, confirmed.Outcome);
        Assert.True(confirmed.Accepted);
        Assert.Equal(80.2 * ratio, confirmed.Estimate!.Value.Kilograms);
        Assert.Equal(WeightOutcome.Accepted, still.Weigh(21, 80.3 * ratio).Outcome);
    }

    [Fact]
    public void A_weighing_that_was_rejected_is_accepted_when_it_comes_again_confirmed()
    {
        Scale scale = new Scale().Settled(80);
        Assert.Equal(WeightOutcome.Rejected, scale.Weigh(10, 176.4).Outcome);
        Assert.Equal(WeightOutcome.Rejected, scale.Weigh(11, 176.5).Outcome);
        Assert.Equal(WeightOutcome.ConfirmedAccepted, scale.Weigh(10, 176.4, confirmed: true).Outcome);

        // The later one is folded again and agrees now.
        Assert.InRange(scale.State.Estimate!.Value.Kilograms, 176, 177);
        Assert.Equal(WeightOutcome.Repeated, scale.Weigh(10, 176.4, confirmed: true).Outcome);
    }

    [Fact]
    public void A_gap_of_more_than_thirty_days_begins_afresh_and_one_of_thirty_does_not()
    {
        Assert.Equal(WeightOutcome.Accepted, new Scale().Settled(80).Weigh(9 + 30, 80.5).Outcome);
        Scale scale = new Scale().Settled(80);
        WeightResult first = scale.Weigh(9 + 30.01, 74);
        Assert.Equal(WeightOutcome.QueuedAfterGap, first.Outcome);
        Assert.True(first.NeedsInitialisation);
        Assert.Equal(WeightOutcome.Rejected, scale.Weigh(40, 74 * 2.2046).Outcome);
        Assert.Equal(WeightOutcome.Queued, scale.Weigh(41, 74.2).Outcome);
        WeightResult begun = scale.Weigh(42, 74.1);
        Assert.Equal(WeightOutcome.Initialised, begun.Outcome);
        Assert.InRange(begun.Estimate!.Value.Kilograms, 73.9, 74.3);
    }

    [Fact]
    public void The_same_weighing_twice_changes_nothing_whichever_way_it_came()
    {
        Scale scale = new Scale().Settled(80);
        WeightState before = scale.State;
        WeightResult again = scale.Weigh(5, 80.3, WeightSource.Manual);
        Assert.Equal(WeightOutcome.Repeated, again.Outcome);
        Assert.False(again.Accepted);
        Assert.Equal(before.Estimate, again.Estimate);
        Assert.Same(before, scale.State);
    }

    [Fact]
    public void The_order_of_arrival_of_the_last_weighings_makes_no_difference_to_the_state()
    {
        Random random = new(11);
        for (int round = 0; round < 200; round++)
        {
            int count = random.Next(3, 30);
            List<WeightMeasurement> inOrder = [];
            for (int i = 0; i < count; i++)
            {
                double kilograms = random.Next(8) switch { 0 => 176.5, 1 => 92 + random.NextDouble(), _ => 80 + random.NextDouble() };
                inOrder.Add(Scale.At((i * 1.5) + random.NextDouble(), Math.Round(kilograms, 2)));
            }

            // Each block of eight is shuffled by itself: none is overtaken by more than seven.
            WeightMeasurement[] shuffled = [.. inOrder.Chunk(WeightState.KeptMeasurements / 2).SelectMany(block => block.OrderBy(_ => random.Next()))];
            Scale straight = new();
            Scale crossed = new();
            inOrder.ForEach(m => straight.Take(m));
            foreach (WeightMeasurement measurement in shuffled)
                Assert.NotEqual(WeightOutcome.TooLate, crossed.Take(measurement).Outcome);
            Assert.Equal(Convert.ToHexString(Scale.Bytes(straight.State)), Convert.ToHexString(Scale.Bytes(crossed.State)));
        }
    }

    [Fact]
    public void A_late_weighing_is_judged_at_its_own_time_and_moves_the_present_estimate()
    {
        Scale scale = new Scale().Settled(80);
        WeightEstimate before = scale.State.Estimate!.Value;
        WeightResult late = scale.Weigh(7.5, 80.9);
        Assert.Equal(WeightOutcome.Accepted, late.Outcome);
        Assert.Equal(before.TimeMs, late.Estimate!.Value.TimeMs);
        Assert.True(late.Estimate.Value.Kilograms > before.Kilograms);
    }

    [Fact]
    public void A_weighing_older_than_all_that_are_kept_is_named_too_late()
    {
        Scale scale = new Scale().Settled(80, days: 12);
        WeightState before = scale.State;
        WeightResult late = scale.Weigh(1.5, 80.1);
        Assert.Equal(WeightOutcome.TooLate, late.Outcome);
        Assert.Equal(WeightReason.TooLate, late.Reason);
        Assert.Same(before, scale.State);
    }

    [Fact]
    public void A_steady_loss_shows_as_a_trend_per_week()
    {
        Scale scale = new();
        for (int day = 0; day < 120; day++)
            scale.Weigh(day, 90 - (0.1 * day) + (day % 2 == 0 ? 0.2 : -0.2));
        WeightEstimate estimate = scale.State.Estimate!.Value;
        Assert.InRange(estimate.TrendPerWeek, -0.9, -0.5);
        Assert.True(estimate.TrendDeviation > 0);
    }

    [Fact]
    public void A_better_scale_moves_the_level_further()
    {
        double Moved(WeightSource source) => WeightService.Handle(new Scale().Settled(80).State, Scale.At(10, 81, source), WeightConfiguration.Standard).Result.Estimate!.Value.Kilograms;
        Assert.True(Moved(WeightSource.CareTeam) > Moved(WeightSource.PatientScale));
        Assert.True(Moved(WeightSource.PatientScale) > Moved(WeightSource.Manual));
        Assert.True(Moved(WeightSource.PatientScale) > Moved(WeightSource.ClinicScale));
    }

    [Fact]
    public void Sources_of_the_observation_contract_all_translate()
    {
        Assert.All(Enum.GetValues<ReadingSource>(), source => Assert.True(Enum.IsDefined(WeightSources.Of(source))));
        Assert.Equal(WeightSource.Manual, WeightSources.Of(ReadingSource.Manual));
        Assert.Equal(WeightSource.CareTeam, WeightSources.Of(ReadingSource.CareTeam));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightSources.Of((ReadingSource)99));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-80)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_weight_is_refused(double kilograms) => Assert.Throws<ArgumentOutOfRangeException>(() => new Scale().Weigh(0, kilograms));

    [Fact]
    public void A_constant_out_of_its_range_is_refused_by_name()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new Scale(WeightConfiguration.Standard with { Gate = 0.5 }).Weigh(0, 80));
        Assert.Contains("Gate is 0.5", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Scale(WeightConfiguration.Standard with { ManualDeviation = double.NaN }).Weigh(0, 80));
    }
}
