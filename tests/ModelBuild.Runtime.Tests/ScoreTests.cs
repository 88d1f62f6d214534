using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>The best classes, and how probable they are.</summary>
public sealed class ScoreTests
{
    private static readonly float[] Row = [1, 3, 2, 3];
    private static readonly double[] Softmax = [.. Row.Select(score => Math.Exp(score) / Row.Sum(other => Math.Exp(other)))];

    [Fact]
    public void Of_logits_are_their_softmax()
    {
        using var model = RowsModel.Load(TinyModels.Rows());
        using var result = Run(model, [0, 0, 0, 9, .. Row]);
        var best = result.Top(3, row: 1);
        Assert.Equal(["dog", "fish", "bird"], best.Select(score => score.Label));
        Assert.Equal([Softmax[1], Softmax[3], Softmax[2]], best.Select(score => (double)score.Score), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal("fish", result.TopLabel());
        foreach (var (label, score) in result.Top(1))
            Assert.Equal(("fish", true), (label, score > 0.99));
        Assert.Equal(4, result.Top(100).Count);
        Assert.Equal(1, result.Top(100).Sum(score => score.Score), 1e-6f);
        // The view has what the model gave.
        Assert.Equal([(1, 3f), (3, 3f)], result.Logits.Top(2, row: 1));
        Assert.Equal([(3, 9f)], result.Logits.Top(1));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => result.Top(0));
        Assert.Throws<ArgumentOutOfRangeException>("row", () => result.Top(1, row: 2));
    }

    [Fact]
    public void Of_pooled_scores_are_those_of_the_classes()
    {
        using var model = PooledScoresModel.Load(TinyModels.PooledScores());
        using var result = model.Run([9, 0, 0, 1, 2, 3]);
        Assert.Equal("low", result.TopLabel());
        Assert.Equal("high", result.TopLabel(1));
        Assert.Equal(["high", "middle", "low"], result.Top(3, row: 1).Select(score => score.Label));
        Assert.Equal(1, result.Top(3, row: 1).Sum(score => score.Score), 1e-6f);
        Assert.Throws<ArgumentOutOfRangeException>("row", () => result.Top(1, row: 2));
        Assert.Throws<ArgumentOutOfRangeException>("row", () => result.Top(1, row: -1));
    }

    [Fact]
    public void Of_probabilities_are_themselves()
    {
        using var model = ProbabilityModel.Load(TinyModels.Scores("Softmax"));
        using var result = model.Run([1, 3, 2]);
        Assert.Equal(result.Y.Top(3).Select(best => best.Score), result.Top(3).Select(best => best.Score));
        Assert.Equal(["b", "c", "a"], result.Top(3).Select(best => best.Label));
        using var log = LogProbabilityModel.Load(TinyModels.Scores("LogSoftmax"));
        using var same = log.Run([1, 3, 2]);
        Assert.Equal(result.Top(3).Select(best => best.Score), same.Top(3).Select(best => best.Score), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Of_whole_numbers_are_themselves_and_a_class_without_a_label_is_its_number()
    {
        using var model = QuantizedScoresModel.Load(new TinyModel().Input("x: uint8[n, ?]").Output("y: uint8[n, ?]").Node("Identity(x) -> y").ToBytes());
        using var result = model.Run([1, 200, 3, 250], 4);
        Assert.Equal([new LabelScore("3", 250), new LabelScore("b", 200)], result.Top(2));
    }

    [Fact]
    public void Softmax_is_for_floats_of_every_width_and_for_large_scores()
    {
        using var model = RowsModel.Load(TinyModels.Rows());
        using var result = Run(model, [1000, 1000, float.NegativeInfinity, -1000]);
        Assert.Equal([0.5f, 0.5f, 0, 0], result.Logits.Softmax());
        Assert.Equal(Softmax, result.HalfOut.Softmax().Select(score => (double)score), (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal(Softmax, result.NarrowOut.Softmax().Select(score => (double)(float)score), (a, b) => Math.Abs(a - b) < 4e-3);
        Assert.Equal(Softmax, result.WideOut.Softmax(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Throws<NotSupportedException>(() => result.BytesOut.Softmax());
        Assert.Equal([(1, (byte)3), (3, (byte)3)], result.BytesOut.Top(2));
        // Rows are left as they are.
        Assert.Equal(1000, result.Logits[0, 1]);
    }

    private static RowsModel.Result Run(RowsModel model, float[] x) =>
        model.Run(
            x,
            Array.ConvertAll(Row, score => (Half)score),
            Array.ConvertAll(Row, score => (double)score),
            Array.ConvertAll(Row, score => (BFloat16)score),
            Array.ConvertAll(Row, score => (byte)score)
        );
}
