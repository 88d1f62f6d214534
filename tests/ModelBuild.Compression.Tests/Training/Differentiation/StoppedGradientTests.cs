using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Differentiation;
using ModelBuild.Compression.Training.Differentiation.Catalog;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests that nodes whose attributes or inputs have no gradient are named with the reason.</summary>
public sealed class StoppedGradientTests
{
    [Fact]
    public void Cast_leaves_float32() =>
        AssertStops("leaves float32", new Net(21).Input("x", 2).Node("Cast", "x", "h", ("to", (long)DataType.Float16)).Node("Cast", "h", "y", ("to", 1L)));

    [Fact]
    public void Dropout_is_in_training_mode() =>
        AssertStops("training mode", new Net(21).Input("x", 2).Constant("r", [], 0.5f).Constant("t", [], true).Node("Dropout", "x r t", "y"));

    [Fact]
    public void Einsum_takes_a_diagonal() => AssertStops("twice in one input", new Net(21).Input("x", 2, 2).Node("Einsum", "x", "y", ("equation", "ii->i")));

    [Fact]
    public void FusedMatMul_transposes_its_batch()
    {
        var node = Nodes.Create("FusedMatMul", ["x", "x"], ["y"], domain: Domains.Microsoft, attributes: ("transBatchA", 1L));
        AssertStops("batch axes", new Net(21).Input("x", 2, 2, 2).Add(node));
    }

    [Theory]
    [InlineData("ScatterElements", "mul")]
    [InlineData("ScatterElements", "max")]
    [InlineData("ScatterND", "mul")]
    [InlineData("ScatterND", "min")]
    public void Scattering_combines_elements(string op, string reduction) =>
        AssertStops(
            "neither 'none' nor 'add'",
            new Net(21).Input("x", 2, 1).Constant("i", [1, 1], 1L).Constant("u", [1, 1], 2f).Node(op, "x i u", "y", ("reduction", reduction))
        );

    private static void AssertStops(string reason, Net net)
    {
        var model = net.Output("y").Build();
        model.ImportOpset(Domains.Microsoft, 1);
        var graph = new Graph(model);
        graph.Append(Nodes.Create("ReduceSum", ["y"], ["loss"], attributes: ("keepdims", 0L)));
        var shapes = new Dictionary<string, InferredTensor>(ShapeInference.DescribeOutputs(model, new Dictionary<string, long[]>()));
        var input = model.Proto.Graph.Input[0];
        shapes["x"] = new InferredTensor(DataType.Float, [.. input.Type.TensorType.Shape.Dim.Select(size => size.DimValue)]);
        var gradients = BackwardGraph.Append(graph, GradientCatalog.Instance, "loss", ["x"], shapes);
        Assert.Empty(gradients.Of);
        Assert.Contains(reason, Assert.Single(gradients.Stopped).Reason);
    }
}
