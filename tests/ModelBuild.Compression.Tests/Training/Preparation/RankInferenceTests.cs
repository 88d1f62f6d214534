using ModelBuild.Compression.Execution;
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
}
