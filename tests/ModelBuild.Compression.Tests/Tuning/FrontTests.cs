using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tests.Tuning;

public sealed class FrontTests
{
    [Fact]
    public void A_result_that_is_worse_in_everything_is_not_on_the_front()
    {
        TrialResult[] results = [Trials.Result(100, 1, 40), Trials.Result(90, 1, 45), Trials.Result(80, 1, 30), Trials.Result(120, 0.5, 30)];

        Assert.Equal([2, 1, 3], Front.Of(results));
    }

    [Fact]
    public void Of_equal_results_the_first_stays()
    {
        TrialResult[] results = [Trials.Result(100, 1, 40), Trials.Result(100, 1, 40)];

        Assert.Equal([0], Front.Of(results));
    }

    [Fact]
    public void Without_predicted_times_the_multiply_adds_count()
    {
        TrialResult[] results = [Trials.Result(100, null, 40) with { MultiplyAdds = 10 }, Trials.Result(100, null, 40) with { MultiplyAdds = 5 }];

        Assert.Equal([1], Front.Of(results));
    }

    [Theory]
    [InlineData("Size", 1)]
    [InlineData("Speed", 2)]
    [InlineData("Balanced", 0)]
    public void The_goal_chooses_among_the_results_within_the_budget(string goal, int expected)
    {
        (TrialResult, double?, double?)[] points =
        [
            (Trials.Result(100, 0.6, 40), null, null),
            (Trials.Result(80, 1, 30), null, null),
            (Trials.Result(200, 0.5, 40), null, null),
            (Trials.Result(10, 0.1, 5) with { IsWithinBudget = false }, null, null),
        ];

        Assert.Equal(expected, new Selection(Enum.Parse<TuneGoal>(goal), null, null).Best(points));
    }

    [Fact]
    public void Limits_and_measured_times_count()
    {
        (TrialResult, double?, double?)[] points =
        [
            (Trials.Result(100, 0.6, 40), 3.0, 0.7),
            (Trials.Result(80, 1, 30), 2.0, 0.5),
            (Trials.Result(60, 1, 30), 9.0, 2),
        ];

        Assert.Equal(1, new Selection(TuneGoal.Speed, null, null).Best(points));
        Assert.Equal(0, new Selection(TuneGoal.Speed, null, null).Best([.. points.Select(point => (point.Item1, point.Item2, (double?)null))]));
        Assert.Equal(1, new Selection(TuneGoal.Size, null, 4).Best(points));
        Assert.Equal(2, new Selection(TuneGoal.Speed, 70, null).Best(points));
        Assert.Null(new Selection(TuneGoal.Size, 50, null).Best(points));
        (TrialResult, double?, double?)[] untimed = [.. points.Select(point => (point.Item1, (double?)null, (double?)null))];
        Assert.Equal(2, new Selection(TuneGoal.Size, null, 4).Best(untimed));
        Assert.Null((new Selection(TuneGoal.Size, null, 4) with { NeedsMeasurement = true }).Best(untimed));
        Assert.Equal(2, (new Selection(TuneGoal.Size, null, null) with { NeedsMeasurement = true }).Best(untimed));
    }

    [Fact]
    public void Models_that_may_be_chosen_are_timed_first()
    {
        TrialResult[] results =
        [
            Trials.Result(100, 0.9, 40),
            Trials.Result(200, 0.8, 40),
            Trials.Result(300, 0.2, 40) with
            {
                IsWithinBudget = false,
            },
            Trials.Result(400, 0.3, 40),
            Trials.Result(500, 0.4, 40),
        ];

        Assert.Equal([0, 1, 3, 4, 2], new Selection(TuneGoal.Size, null, null).ToTime(results));
        // The smallest results alternate with the fastest ones.
        Assert.Equal([0, 3, 1, 4, 2], new Selection(TuneGoal.Size, null, 3).ToTime(results));
        Assert.Equal([3, 4, 1, 0, 2], new Selection(TuneGoal.Speed, null, null).ToTime(results));
        // Results above the largest size cannot be chosen.
        Assert.Equal([1, 0], new Selection(TuneGoal.Speed, 250, null).ToTime(results).Take(2));
    }
}
