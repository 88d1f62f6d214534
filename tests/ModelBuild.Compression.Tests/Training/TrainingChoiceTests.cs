using ModelBuild.Compression.Training;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training;

/// <summary>Tests the number of steps and the rate that training chooses.</summary>
public sealed class TrainingChoiceTests
{
    [Theory]
    [InlineData(100, 0, 200)]
    [InlineData(3200, 0, 1000)]
    [InlineData(20_000, 0, 6250)]
    [InlineData(100_000, 0, 10_000)]
    [InlineData(20_000, 0.01, 1000)]
    public void Steps_follow_the_rows_within_limits(int rows, double codeUnit, int steps) =>
        Assert.Equal(steps, new TrainingChoice(new TrainingOptions(), rows, batch: 32).Choose(Model(), Shapes, codeUnit).Steps);

    [Theory]
    [InlineData(0, 1e-3)]
    [InlineData(0.001, 1e-4)]
    [InlineData(0.02, 1e-4)]
    [InlineData(0.1, 5e-4)]
    public void The_rate_follows_the_distance_between_codes(double codeUnit, double rate) =>
        Assert.Equal(rate, new TrainingChoice(new TrainingOptions(), 1000, batch: 32).Choose(Model(), Shapes, codeUnit).Rate, 1e-12);

    [Fact]
    public void A_model_whose_steps_take_long_takes_fewer_of_them()
    {
        var plan = new TrainingChoice(new TrainingOptions(), 100_000, batch: 32).Choose(
            Model(),
            new Dictionary<string, long[]>(StringComparer.Ordinal) { ["x"] = [1_000_000, 64] },
            codeUnit: 0
        );

        Assert.Equal((int)(8e11 / (1_000_000.0 * 64 * 32)), plan.Steps);
    }

    [Fact]
    public void What_the_user_gives_is_taken()
    {
        var options = new TrainingOptions { Steps = 30_000, Rate = new(0.5) };

        var plan = new TrainingChoice(options, 100, batch: 32).Choose(Model(), Shapes, codeUnit: 0.1);

        Assert.Equal((30_000, 0.5), (plan.Steps, plan.Rate));
    }

    private static Dictionary<string, long[]> Shapes => new(StringComparer.Ordinal) { ["x"] = [32, 64] };

    private static OnnxModel Model() => new Net().OpenInput("x", "n", "64").Weight("w", 64, 32).Node("MatMul", "x w", "y").Output("y").Build();
}
