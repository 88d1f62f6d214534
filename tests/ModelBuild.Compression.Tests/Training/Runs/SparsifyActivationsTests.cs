using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Sparsification;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Runs;

public sealed class SparsifyActivationsTests
{
    private static readonly ISampleSource Rows = MadeTraining.Rows(128, 2, 6, 6);

    [Theory]
    [InlineData(0.6, 17)]
    [InlineData(0.8, 17)]
    [InlineData(0.95, 17)]
    [InlineData(0.8, 9)]
    [InlineData(0.8, 22)]
    public void The_wanted_share_of_each_ReLU_is_zero(double share, int opset)
    {
        var model = Convolutions(opset).Build();

        var result = MadeTraining.Run(model, $"sparsify-activations({share.ToString(System.Globalization.CultureInfo.InvariantCulture)})", Rows);

        Assert.Equal(2, result.Model.Proto.Graph.Node.Count(node => node.OpType == "ThresholdedRelu"));
        foreach (var value in new[] { "r", "s" })
            Assert.Equal(share, ZeroCount.Of(result.Model, [value], Rows, CancellationToken.None).Share, 0.02);
        var report = result.Steps[^1].Report;
        Assert.Equal(2, report.Changes["ReLUs with a higher threshold"]);
        var (text, percent) = Assert.Single(report.Changes, change => change.Key.StartsWith("percent of", StringComparison.Ordinal));
        Assert.Equal(ZeroCount.Of(result.Model, ["r", "s"], Rows, CancellationToken.None).Share * 100, percent, 0.5);
        var before = ZeroCount.Of(model, ["r", "s"], Rows, CancellationToken.None).Share;
        Assert.EndsWith(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{before * 100:0} percent were"), text, StringComparison.Ordinal);
        Assert.Contains(report.Skipped, left => left.What == "speed");
    }

    [Fact]
    public void A_value_above_the_threshold_stays_and_all_others_are_zero()
    {
        var model = new Net().Input("x", -1, 2, 6, 6).Node("Relu", "x", "y").Output("y", DataType.Float, -1, 2, 6, 6).Build();

        var result = MadeTraining.Run(model, "sparsify-activations(0.75)", Rows);

        var threshold = Assert.Single(result.Model.Proto.Graph.Node).GetFloat("alpha");
        Assert.True(threshold > 0);
        Assert.Equal(Ort.Run(model)["y"].Select(value => value > threshold ? value : 0), Ort.Run(result.Model)["y"]);
    }

    [Fact]
    public void ONNX_Runtime_runs_one_node_for_each_threshold()
    {
        var result = MadeTraining.Run(Convolutions().Build(), "sparsify-activations(0.8)", Rows);

        var nodes = Ort.Optimized(result.Model).Nodes;

        Assert.Equal(2, nodes.Count(node => node.OpType == "ThresholdedRelu"));
        Assert.DoesNotContain(nodes, node => node.OpType is "Mul" or "Where" or "Cast" or "Greater" or "GreaterOrEqual");
    }

    [Theory]
    [InlineData("")]
    [InlineData("prune-channels(0.3) ")]
    [InlineData("prune(0.5) ")]
    public void Training_goes_on_behind_thresholds(string before)
    {
        var result = MadeTraining.Run(Convolutions().Build(), $"{before}sparsify-activations(0.8) fine-tune(steps=60, rate=0.003, batch=32)", Rows);

        Assert.InRange(result.Improvement, 0, 0.95);
        Assert.Empty(result.Training.Frozen);
        Assert.Equal(2, result.Model.Proto.Graph.Node.Count(node => node.OpType == "ThresholdedRelu"));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("int8")]
    [InlineData("int8-weights")]
    [InlineData("int8-dynamic")]
    [InlineData("float16-weights")]
    [InlineData("optimize")]
    [InlineData("prune-channels(0.25)")]
    [InlineData("cluster(256)")]
    public void Other_steps_follow(string step)
    {
        var sparse = MadeTraining.Run(Convolutions().Build(), "sparsify-activations(0.8)", Rows).Model;

        var result = MadeTraining.Run(Convolutions().Build(), $"sparsify-activations(0.8) {step}", Rows).Model;

        Assert.InRange(Ort.Sqnr(Ort.Run(sparse), Ort.Run(result)), step.StartsWith("prune", StringComparison.Ordinal) ? 0 : 15, double.PositiveInfinity);
    }

    [Fact]
    public void ReLUs_with_enough_zeros_and_excluded_ones_stay()
    {
        var enough = MadeTraining.Run(Convolutions().Build(), "sparsify-activations(0.01)", Rows);
        var excluded = MadeTraining.Run(Convolutions().Build(), "sparsify-activations(0.8, exclude=Relu)", Rows);

        Assert.DoesNotContain(enough.Model.Proto.Graph.Node, node => node.OpType == "ThresholdedRelu");
        Assert.Contains(enough.Steps[^1].Report.Skipped, left => left.What == "2 of 2 ReLUs");
        Assert.DoesNotContain(excluded.Model.Proto.Graph.Node, node => node.OpType == "ThresholdedRelu");
        Assert.Contains(excluded.Steps[^1].Report.Skipped, left => left.What == "all layers");
    }

    [Theory]
    [InlineData("sparsify-activations(0)")]
    [InlineData("sparsify-activations(1)")]
    [InlineData("sparsify-activations(NaN)")]
    public void An_impossible_share_is_an_error(string recipe)
    {
        var exception = Assert.Throws<CompressionException>(() => MadeTraining.Run(Convolutions().Build(), recipe, Rows));

        Assert.Equal(Codes.UnknownOption, exception.Code);
    }

    [Fact]
    public void The_step_needs_data()
    {
        var exception = Assert.Throws<CompressionException>(() => Support.Steps.Run(Convolutions().Build(), "sparsify-activations(0.5)"));

        Assert.Equal(Codes.CalibrationMissing, exception.Code);
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.25, 0)]
    [InlineData(0.75, 3)]
    public void A_threshold_lies_between_the_borders_of_bins(double share, float expected)
    {
        // The bins are [−2, 0], [0, 2], [2, 4] and [4, 6]. A quarter of the numbers is in each of the first two bins, and half of them are in the third one.
        var statistics = new TensorStatistics(-2, 6, -2, 6, -2, 6, [1, 1, 2, 0], null, null);

        Assert.Equal(expected, ActivationThreshold.Of(statistics, share), 1e-5);
    }

    private static Net Convolutions(int opset = 17) =>
        new Net(opset)
            .Input("x", -1, 2, 6, 6)
            .Weight("a", 8, 2, 3, 3)
            .Weight("b", 10, 8, 3, 3)
            .Weight("c", 40, 5)
            .Node("Conv", "x a", "p")
            .Node("Relu", "p", "r")
            .Node("Conv", "r b", "q")
            .Node("Relu", "q", "s")
            .Node("Flatten", "s", "f")
            .Node("MatMul", "f c", "y")
            .Output("y", DataType.Float, -1, 5);
}
