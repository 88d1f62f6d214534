using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Factorization;

/// <summary>Tests which layers are skipped, the meaning of options, and that results are deterministic.</summary>
public sealed class LowRankTests
{
    [Fact]
    public void What_serves_two_nodes_has_groups_or_is_small_stays_with_a_reason()
    {
        var model = new Net()
            .Input("x", 2, 64)
            .Weight("shared", 64, 64)
            .Node("MatMul", "x shared", "a")
            .Node("MatMul", "a shared", "b")
            .Weight("own", 64, 64)
            .Node("MatMul", "b own", "c")
            .Weight("small", 64, 2)
            .Node("MatMul", "c small", "d")
            .Constant("shape", [4], 2L, 2, 1, 1)
            .Node("Reshape", "d shape", "e")
            .Weight("grouped", 2, 1, 1, 1)
            .Node("Conv", "e grouped", "y", ("group", 2L))
            .Output("y")
            .Build();

        var factored = Steps.Run(model, "low-rank", out var report);

        Assert.Equal("Conv MatMul*5 Reshape", Steps.Operators(factored));
        Assert.Equal(16, report.Changes["of 64 ranks of c kept (channel)"]);
        Assert.Equal(1, report.Changes["layers factored (channel)"]);
        Assert.Equal(
            [
                "other nodes use its weights too",
                "other nodes use its weights too",
                "it is a grouped convolution",
                "it has less than a tenth of the mean layer's multiply-adds",
            ],
            report.Skipped.Where(left => left.What != "the activations").Select(left => left.Why)
        );
    }

    [Fact]
    public void Where_two_layers_cost_more_than_one_there_is_one()
    {
        var model = new Net().Input("x", 2, 8).Weight("w", 8, 8).Node("MatMul", "x w", "y").Output("y").Build();

        var kept = Steps.Run(model, "low-rank(energy=0.999)", out var report);

        Assert.Equal("MatMul", Steps.Operators(kept));
        Assert.Contains(new Skipped("y", "two layers would need as many multiply-adds as one"), report.Skipped);
    }

    [Fact]
    public void Energy_keeps_as_many_ranks_as_it_takes()
    {
        // The singular values are 4, 3, 2 and 1, and the sum of their squares is 30. 25 of 30 are 83 %, and 29 of 30 are 97 %.
        var weights = new float[16 * 16];
        for (var i = 0; i < 4; i++)
            weights[i * 17] = 4 - i;
        var model = new Net().Input("x", 2, 16).Constant("w", [16, 16], weights).Node("MatMul", "x w", "y").Output("y").Build();

        foreach (var (energy, rank) in new[] { (0.5, 1), (0.8, 2), (0.9, 3), (0.99, 4) })
        {
            Steps.Run(model, FormattableString.Invariant($"low-rank(energy={energy})"), out var report);
            Assert.Equal(rank, report.Changes["of 16 ranks of y kept (channel)"]);
        }
    }

    [Theory]
    [InlineData("MatMul")]
    [InlineData("w*")]
    public void Layers_are_excluded_by_operator_or_weight(string exclude)
    {
        var model = new Net().Input("x", 2, 64).Weight("w1", 64, 64).Node("MatMul", "x w1", "y").Output("y").Build();

        Assert.Equal("MatMul", Steps.Operators(Steps.Run(model, $"low-rank(0.4, exclude={exclude})", out var report)));
        Assert.Contains(new Skipped("y", "the recipe excludes it"), report.Skipped);
        Assert.Equal("MatMul*2", Steps.Operators(Steps.Run(model, "low-rank(0.4, exclude=Conv)")));
    }

    [Theory]
    [InlineData("low-rank(1)")]
    [InlineData("low-rank(0)")]
    [InlineData("low-rank(energy=1)")]
    [InlineData("low-rank(sqnr=-1)")]
    [InlineData("low-rank(energy=0.9, sqnr=30)")]
    [InlineData("depthwise-separable(0)")]
    public void Options_that_mean_nothing_are_errors(string recipe) =>
        Assert.Equal(Codes.UnknownOption, Assert.Throws<CompressionException>(() => Steps.Run(Layers(), recipe)).Code);

    [Fact]
    public void A_budget_of_fidelity_needs_samples() =>
        Assert.Equal(Codes.CalibrationMissing, Assert.Throws<CompressionException>(() => Steps.Run(Layers(), "low-rank(sqnr=30)")).Code);

    [Theory]
    [InlineData("low-rank", false)]
    [InlineData("low-rank", true)]
    [InlineData("low-rank(spread=model)", true)]
    [InlineData("depthwise-separable", true)]
    public void Threads_leave_no_trace(string recipe, bool isCalibrated)
    {
        var samples = ListedSamples.Of("x", [.. Enumerable.Range(0, 8).Select(i => (new long[] { 2, 8, 10, 10 }, Noise.Floats(1600, seed: i)))]);

        byte[] Run(int threads)
        {
            var context = new PassContext(Layers(), new PassReport(), CancellationToken.None)
            {
                Calibration = isCalibrated ? new CalibrationContext(samples, threads) : null,
            };
            RecipePipeline.Run(context, RecipeParser.Parse(recipe));
            return context.Model.ToBytes();
        }

        var one = Run(1);
        Assert.Equal(one, Run(2));
        Assert.NotEqual(Layers().ToBytes().Length, one.Length);
    }

    private static OnnxModel Layers() =>
        new Net()
            .Input("x", 2, 8, 10, 10)
            .Weight("w1", 16, 8, 3, 3)
            .Weight("b1", 16)
            .Node("Conv", "x w1 b1", "c", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "c", "r")
            .Weight("w2", 16, 16, 3, 3)
            .Node("Conv", "r w2", "y", ("strides", new long[] { 2, 2 }))
            .Output("y")
            .Build();
}
