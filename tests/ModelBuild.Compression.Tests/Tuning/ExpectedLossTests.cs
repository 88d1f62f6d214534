using ModelBuild.Compression.Estimation;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Tuning;

/// <summary>Tests that the estimate of changed decisions from few samples is near the share of many samples.</summary>
public sealed class ExpectedLossTests
{
    private const int Classes = 4;

    [Fact]
    public void Pairs_are_counted_like_a_double_loop()
    {
        var random = new SplitMix64(5);
        double[] margins = [.. Enumerable.Range(0, 37).Select(_ => random.NextNormal() + 1)];
        double[] changes = [.. Enumerable.Range(0, 23).Select(_ => random.NextNormal())];

        var expected = margins.SelectMany(margin => changes.Select(change => margin + change > 0 ? 1.0 : 0)).Average();

        Assert.Equal(expected, MarginPairs.SharePositive(margins, changes), 12);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(1.0)]
    public void The_estimate_of_64_samples_is_near_the_share_of_20_000(double noise)
    {
        var (few, _) = Measure(64, noise, seed: 1);
        var (_, changed) = Measure(20_000, noise, seed: 2);

        Assert.InRange(few, changed * 0.5, changed * 2);
    }

    [Fact]
    public void Equal_scores_lose_nothing()
    {
        var (loss, changed) = Measure(100, noise: 0, seed: 3);

        Assert.Equal((0, 0), (loss, changed));
    }

    [Fact]
    public void With_labels_the_loss_of_accuracy_counts()
    {
        // Before the change, half of the answers are wrong. The change makes all answers wrong.
        var expected = new ExpectedLoss(OutputPlan.OfNames(["y"]));
        expected.Add(Sample([0, 0]), [Values([2, 0, 0, 0, 0, 2, 0, 0])], [Values([0, 9, 0, 0, 0, 9, 0, 0])]);

        Assert.Equal(0.5, expected.Of("y"));
    }

    [Fact]
    public void An_output_without_a_row_for_each_sample_has_no_estimate()
    {
        var expected = new ExpectedLoss(OutputPlan.OfNames(["y"]));
        expected.Add(Sample(null), [Values([1, 2, 3, 4])], [Values([1, 2, 3, 4])]);

        Assert.Null(expected.Of("y"));
        Assert.Null(expected.Of("z"));
    }

    // The method creates scores with one leading class and small distances, and adds noise to them.
    private static (double Estimate, double Changed) Measure(int rows, double noise, ulong seed)
    {
        var random = new SplitMix64(seed);
        var expected = new ExpectedLoss(OutputPlan.OfNames(["y"]));
        var changed = 0;
        for (var row = 0; row < rows; row += 2)
        {
            var before = new double[2 * Classes];
            for (var i = 0; i < before.Length; i++)
                before[i] = 2 * random.NextNormal();
            double[] after = [.. before.Select(score => score + (noise * random.NextNormal()))];
            for (var i = 0; i < 2; i++)
                changed += Winner.Of(before.AsSpan(i * Classes, Classes)) == Winner.Of(after.AsSpan(i * Classes, Classes)) ? 0 : 1;
            expected.Add(Sample(null), [Values(before)], [Values(after)]);
        }

        return (expected.Of("y")!.Value, (double)changed / rows);
    }

    private static Sample Sample(long[]? labels) =>
        new(new Dictionary<string, SampleArray>(StringComparer.Ordinal) { ["x"] = new(DataType.Float, [2, 1], new byte[8]) }, labels);

    private static OutputValues Values(double[] scores) => new(IsFloat: true, [scores.Length / Classes, Classes], scores, []);
}
