using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the rules of Apache TVM.</summary>
public sealed class TvmTests
{
    public static TheoryData<string, string, string> Nodes =>
        new()
        {
            { "Pad with axes", "Pad", "pads all axes only" },
            { "Pad that wraps", "Pad", "has no mode 'wrap'" },
            { "Pad with computed pads", "Pad", "its input 'computed' is computed" },
            { "Resize that smooths", "Resize", "does not smooth the input of a Resize" },
            { "Resize with axes", "Resize", "resizes all axes only" },
            { "Resize with a policy", "Resize", "has the policy 'stretch' only" },
            { "Resize of a matrix", "Resize", "resizes three to five dimensions only" },
            { "IsInf of one sign", "IsInf", "finds both infinities only" },
            { "MaxPool with indices", "MaxPool", "computes its first output only" },
            { "CumSum without the value itself", "CumSum", "has no exclusive sums" },
            { "AffineGrid of pixels", "AffineGrid", "has 'align_corners' with 1 only" },
            { "GridSample of volumes", "GridSample", "takes four dimensions here" },
            { "LRN of volumes", "LRN", "takes four dimensions here" },
            { "Trilu with a computed diagonal", "Trilu", "its input 'k' is computed" },
            { "Reduce with computed axes", "ReduceSum", "its input 'computed' is computed" },
            { "EyeLike with a type", "EyeLike", "keeps the type of the input" },
            { "LayerNormalization with a mean", "LayerNormalization", "computes its first output only" },
        };

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Forms_that_the_importer_does_not_read_are_refused(string form, string op, string reason)
    {
        var message = Model(form).Refusal("tvm");

        Assert.Matches($@"\b{op} of '\w+'", message);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_computed_step_of_a_Range_is_refused()
    {
        var net = new Net().Input("delta", DataType.Int64).Constant<long>("start", [], 0).Constant<long>("end", [], 4);
        var message = net.Node("Range", "start end delta", "y").Output("y", DataType.Int64, -1).Build().Refusal("tvm");

        Assert.Contains("Range of 'y': its input 'delta' is computed", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Computed_sizes_of_a_Split_are_refused()
    {
        var net = new Net().Input("x", 4, 4).Input("sizes", DataType.Int64, 2).Node("Split", "x sizes", "y z").Output("y", "z");

        Assert.Contains("Split of 'y': its input 'sizes' is computed", net.Build().Refusal("tvm"), StringComparison.Ordinal);
    }

    [Fact]
    public void Attention_is_refused()
    {
        var net = new Net(opset: 23, irVersion: 11).Input("q", 1, 2, 4, 8).Node("Attention", "q q q", "y").Output("y");

        Assert.Contains("Apache TVM has no Attention", net.Build().Refusal("tvm"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_normalization_without_a_bias_gets_zeros_of_the_type_and_shape_of_its_scale(bool isNarrow)
    {
        var net = new Net().Input("x", isNarrow ? DataType.Float16 : DataType.Float, 2, 3, 8);
        if (isNarrow)
            net.Constant("gain", [3, 8], [.. Noise.Floats(24, seed: 2).Select(value => (Half)value)]);
        else
            net.Constant("gain", [3, 8], Noise.Floats(24, seed: 2));
        var exported = net.Node("LayerNormalization", "x gain", "y", ("axis", 1L)).Output("y").Build().Export("tvm");

        var graph = new Graph(exported.Model);
        var node = Assert.Single(graph.Nodes);
        var (gain, bias) = (graph.Constant(node.Input[1]), graph.Constant(node.Input[2]));
        Assert.Equal((gain.DataType, gain.RawData.Length), (bias.DataType, bias.RawData.Length));
        Assert.Equal(gain.Dims, bias.Dims);
        Assert.All(bias.RawData, value => Assert.Equal(0, value));
        Assert.True(exported.Difference.IsNone);
    }

    [Fact]
    public void The_reason_of_an_opset_that_stays_is_given()
    {
        var model = new Net(opset: 6).Input("x", 2, 3).Node("Relu", "x", "y").Output("y", DataType.Float, 2, 3).Build();

        var message = model.Refusal("tvm");

        Assert.Contains("its opset is 6, and Apache TVM takes 13 to 23", message, StringComparison.Ordinal);
        Assert.Contains("Its opset cannot be raised to 21: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_that_the_importer_has_in_float32_only_stay_float32()
    {
        var net = new Net().Input("x", 2, 16).Weight("w", 16, 16).Node("MatMul", "x w", "h").Node("Elu", "h", "e").Node("MatMul", "e w", "y");
        var exported = net.Output("y", DataType.Float, 2, 16).Build().Export("tvm", ExportPrecision.Float16);

        var graph = new Graph(exported.Model);
        var elu = graph.Nodes.Single(node => node.OpType == "Elu");
        Assert.Equal((long)DataType.Float, graph.Producer(elu.Input[0])!.GetInt("to"));
        Assert.Contains(graph.Nodes, node => node.OpType == "MatMul");
    }

    private static OnnxModel Model(string form)
    {
        var net = new Net(
            form.StartsWith("Resize", StringComparison.Ordinal) || form.StartsWith("AffineGrid", StringComparison.Ordinal) ? 20 : 19,
            irVersion: 9
        );
        return (
            form switch
            {
                "Pad with axes" => net.Input("x", 2, 4).Constant<long>("pads", [2], 1, 1).Constant<long>("axes", [1], 1).Node("Pad", "x pads _ axes", "y"),
                "Pad that wraps" => net.Input("x", 2, 4).Constant<long>("pads", [4], 0, 1, 0, 1).Node("Pad", "x pads", "y", ("mode", "wrap")),
                "Pad with computed pads" => net.Input("x", 2, 4).Input("computed", DataType.Int64, 4).Node("Pad", "x computed", "y"),
                "Resize that smooths" => Resize(net, 4, ("antialias", 1L), ("mode", "linear")),
                "Resize with axes" => net.Input("x", 1, 2, 4, 4)
                    .Constant<long>("sizes", [2], 2, 2)
                    .Node("Resize", "x _ _ sizes", "y", ("axes", new long[] { 2, 3 })),
                "Resize with a policy" => Resize(net, 4, ("keep_aspect_ratio_policy", "not_larger")),
                "Resize of a matrix" => Resize(net, 2),
                "IsInf of one sign" => net.Input("x", 2, 4).Node("IsInf", "x", "y", ("detect_negative", 0L)),
                "MaxPool with indices" => net.Input("x", 1, 2, 4, 4).Node("MaxPool", "x", "y i", ("kernel_shape", new long[] { 2, 2 })),
                "CumSum without the value itself" => net.Input("x", 2, 4).Constant<long>("axis", [], 1).Node("CumSum", "x axis", "y", ("exclusive", 1L)),
                "AffineGrid of pixels" => net.Input("x", 1, 2, 3).Constant<long>("size", [4], 1, 1, 4, 4).Node("AffineGrid", "x size", "y"),
                "GridSample of volumes" => net.Input("x", 1, 2, 3, 4, 4).Input("grid", 1, 3, 4, 4, 3).Node("GridSample", "x grid", "y"),
                "LRN of volumes" => net.Input("x", 1, 4, 3, 4, 4).Node("LRN", "x", "y", ("size", 3L)),
                "Trilu with a computed diagonal" => net.Input("x", 4, 4).Input("k", DataType.Int64).Node("Trilu", "x k", "y"),
                "Reduce with computed axes" => net.Input("x", 2, 4).Input("computed", DataType.Int64, 1).Node("ReduceSum", "x computed", "y"),
                "EyeLike with a type" => net.Input("x", 4, 4).Node("EyeLike", "x", "y", ("dtype", (long)DataType.Int64)),
                "LayerNormalization with a mean" => net.Input("x", 2, 4).Weight("gain", 4).Node("LayerNormalization", "x gain", "y mean").Output("mean"),
                _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
            }
        )
            .Output("y")
            .Build();
    }

    private static Net Resize(Net net, int rank, params (string, object)[] attributes) =>
        net.Input("x", [.. Enumerable.Repeat(4L, rank)])
            .Constant("sizes", [rank], [.. Enumerable.Range(0, rank).Select(axis => axis < rank - 2 ? 4L : 2L)])
            .Node("Resize", "x _ _ sizes", "y", attributes);
}
