using ModelBuild.Compression.Training.Schedules;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Tests.Training.Schedules;

public sealed class ScheduleTests
{
    private const double Rate = 0.5;

    public static MatrixTheoryData<string, int> Cases => new(Enum.GetNames<ScheduleKind>(), [1, 2, 3, 10, 100, 1000]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_rate_is_above_zero_and_the_largest_is_the_given_one(string kind, int steps)
    {
        var rates = Rates(Enum.Parse<ScheduleKind>(kind), steps);

        Assert.All(rates, rate => Assert.InRange(rate, Rate * 0.0099, Rate));
        Assert.Equal((float)Rate, rates.Max());
    }

    [Theory]
    [InlineData(nameof(ScheduleKind.Cosine))]
    [InlineData(nameof(ScheduleKind.Linear))]
    public void The_rate_rises_in_a_twentieth_and_falls_to_a_hundredth(string kind)
    {
        var rates = Rates(Enum.Parse<ScheduleKind>(kind), 101);

        Assert.Equal([Rate / 5, Rate * 2 / 5, Rate * 3 / 5, Rate * 4 / 5, Rate], rates[..5].Select(rate => (double)rate), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((float)Rate, rates[5]);
        Assert.All(rates[5..].Zip(rates[6..]), pair => Assert.True(pair.Second < pair.First));
        Assert.Equal(Rate / 100, rates[^1], 1e-7);
    }

    [Fact]
    public void The_middle_of_a_cosine_is_the_mean_of_its_ends_and_a_quarter_is_above_a_line()
    {
        var (cosine, linear) = (Rates(ScheduleKind.Cosine, 106), Rates(ScheduleKind.Linear, 106));

        Assert.Equal(Rate * (1 + 0.01) / 2, cosine[55], 1e-6);
        Assert.Equal(Rate * (1 + 0.01) / 2, linear[55], 1e-6);
        Assert.Equal(Rate * (0.01 + 0.99 * (1 + Math.Sqrt(0.5)) / 2), cosine[30], 1e-6);
        Assert.Equal(Rate * (0.01 + 0.99 * 0.75), linear[30], 1e-6);
    }

    [Fact]
    public void Steps_divide_the_rate_by_ten_at_one_half_and_three_quarters()
    {
        var rates = Rates(ScheduleKind.Step, 8);

        Assert.Equal([.5f, .5f, .5f, .5f, .05f, .05f, .005f, .005f], rates);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(10, 10)]
    public void A_step_outside_training_has_no_rate(int step, int steps) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Schedule(ScheduleKind.Constant, Rate).At(step, steps));

    private static float[] Rates(ScheduleKind kind, int steps) => [.. Enumerable.Range(0, steps).Select(step => new Schedule(kind, Rate).At(step, steps))];
}
