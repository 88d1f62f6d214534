using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Receipts;

public sealed class LoadedSizeTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("float16-weights")]
    [InlineData("int8-weights")]
    [InlineData("cluster(16)")]
    [InlineData("cluster(4, per-channel=true)")]
    public void What_a_session_holds_is_computed_from_the_graph(string recipe)
    {
        var model = OnnxModel.Load(Corpus.Path("litenet/litenet-conv.onnx"));

        var compressed = Steps.Run(model, recipe);

        var loaded = LoadedSize.Of(compressed);
        Assert.InRange(compressed.ToBytes().Length, 1, loaded * 0.6);
        // ONNX Runtime removes one or two more constants of shapes.
        Assert.InRange(loaded, Held(compressed), Held(compressed) + 100);
        Assert.InRange(loaded, LoadedSize.Of(model) * 0.99, LoadedSize.Of(model) * 1.01);
    }

    [Fact]
    public void Constants_of_branches_count_and_shared_ones_count_once()
    {
        var then = new Net()
            .ConstantNode("w1", Net.Tensor([20, 20], Noise.Floats(400)))
            .Node("MatMul", "x w1", "m1")
            .Node("MatMul", "m1 outer", "t")
            .Output("t");
        var otherwise = new Net().Weight("w2", 20, 20).Node("MatMul", "x w2", "m2").Node("MatMul", "m2 outer", "e").Output("e");
        var model = new Net()
            .Input("x", 3, 20)
            .Input("c", DataType.Bool)
            .Weight("outer", 20, 20)
            .Weight("unread", 9)
            .If("c", "y", then, otherwise)
            .Output("y")
            .Build();

        Assert.Equal(3 * 1600, LoadedSize.Of(model));
    }

    private static long Held(OnnxModel model) =>
        OptimizedGraph.Of(model).Proto.Graph.Initializer.Sum(tensor => tensor.ElementCount() * Tensors.BitsPerElement((DataType)tensor.DataType) / 8);
}
