using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Preparation;

public sealed class RankInferenceTests
{
    [Fact]
    public void Scalars_differ_from_values_of_unknown_rank()
    {
        var model = new Net(21)
            .Input("x", 2, 3)
            .Input("s", DataType.Int64, -1)
            .Node("ReduceSum", "x", "scalar", ("keepdims", 0))
            .Node("Reshape", "x s", "unknown")
            .Node("Relu", "unknown", "behind")
            .Node("Relu", "x", "known")
            .Output("scalar", "behind", "known")
            .Build();

        var described = RankInference.DescribeOutputs(model, new Dictionary<string, long[]> { ["x"] = [2, 3] });

        Assert.Equal((true, 0), (described["scalar"].IsRankKnown, described["scalar"].Shape.Length));
        Assert.Equal((true, 2), (described["known"].IsRankKnown, described["known"].Shape.Length));
        Assert.False(described["unknown"].IsRankKnown);
        Assert.False(described["behind"].IsRankKnown);
        Assert.All(described.Values, value => Assert.Equal(DataType.Float, value.Type));
    }

    [Fact]
    public void A_run_shows_a_rank_that_follows_from_values()
    {
        var model = new Net(21)
            .Input("x", 2, 3)
            .Input("no", DataType.Bool, 2)
            .Node("Not", "no", "yes")
            .Node("Shape", "x", "all")
            .Node("Compress", "all yes", "shape")
            .Node("Reshape", "x shape", "y")
            .Output("y")
            .Build();

        var described = RankInference.DescribeOutputs(model, new Dictionary<string, long[]> { ["x"] = [2, 3], ["no"] = [2] });

        Assert.True(described["y"].IsRankKnown);
        Assert.Equal([-1, -1], described["y"].Shape);
    }

    [Fact]
    public void A_gradient_that_needs_an_unknown_rank_stops_with_a_reason()
    {
        var model = new Net(21)
            .Input("x", 2, 3)
            .Input("s", DataType.Int64, -1)
            .Weight("w", 3)
            .Node("Reshape", "x s", "unknown")
            .Node("Mul", "unknown w", "y")
            .Output("y")
            .Build();
        var inputs = new Dictionary<string, long[]> { ["x"] = [2, 3] };
        var weight = new Parameter("w", [3], model.Proto.Graph.Initializer[0].ToFloats());

        var training = TrainingGraph.Build(model, inputs, [weight], new RandomSum(new Dictionary<string, long[]> { ["y"] = [2, 3] }));

        Assert.Empty(training.Parameters);
        Assert.NotEmpty(training.Stopped);
        Assert.All(training.Stopped, stop => Assert.Contains("rank", stop.Reason, StringComparison.Ordinal));
    }
}
