using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the rules of TensorRT for quantized values and for single operators.</summary>
public sealed class TensorRtTests
{
    [Fact]
    public void Uint8_codes_with_the_zero_point_128_become_int8()
    {
        var model = Quantized<byte>(128);

        var exported = model.Export("tensorrt");

        Assert.True(exported.Difference.IsNone);
        Assert.Contains("uint8 codes with the zero point 128 written as int8: 2", exported.Changes);
        var graph = new Graph(exported.Model);
        Assert.All(
            graph.Nodes.Where(node => node.OpType is "QuantizeLinear" or "DequantizeLinear"),
            node => Assert.Equal(((int)DataType.Int8, 0), (graph.Constant(node.Input[2]).DataType, graph.Constant(node.Input[2]).RawData[0]))
        );
    }

    [Fact]
    public void The_type_that_a_node_names_follows_the_zero_point()
    {
        var model = Quantized<byte>(128);
        model.Proto.OpsetImport[0].Version = 21;
        model.Proto.IrVersion = 10;
        model.Proto.Graph.Node.Single(node => node.OpType == "QuantizeLinear").SetAttribute("output_dtype", (long)DataType.Uint8);

        var exported = model.Export("tensorrt");

        Assert.Equal((long)DataType.Int8, exported.Model.Proto.Graph.Node.Single(node => node.OpType == "QuantizeLinear").GetInt("output_dtype"));
        Assert.True(exported.Difference.IsNone);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    public void Other_zero_points_are_refused_with_the_target_that_has_none(byte point)
    {
        var message = Quantized(point).Refusal("tensorrt");

        Assert.Contains("QuantizeLinear of 'q', DequantizeLinear of 'real': ", message, StringComparison.Ordinal);
        Assert.Contains("--target tensorrt", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_of_32_bits_becomes_floats()
    {
        var model = ExportProductTests.Network("convolutions").Compressed("int8(min-max, everywhere=true)", "tensorrt");
        Assert.Contains(model.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Int32);

        var exported = model.Export("tensorrt");

        Assert.True(exported.Difference.IsNone);
        Assert.DoesNotContain(exported.Model.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Int32);
        Assert.Equal(["biases of 32 bits written as floats: 3"], exported.Changes);
    }

    [Fact]
    public void Weights_stored_in_int8_become_DequantizeLinear_with_an_axis()
    {
        var exported = ExportProductTests.Network("convolutions").Compressed("int8-weights").Export("tensorrt");

        Assert.True(exported.Difference.IsNone);
        var graph = new Graph(exported.Model);
        var layers = graph.Nodes.Where(node => node.OpType is "Conv" or "Gemm").ToArray();
        var stored = layers.Select(node => graph.Producer(node.Input[1])).OfType<NodeProto>().ToArray();
        Assert.NotEmpty(stored);
        Assert.All(
            stored,
            node =>
            {
                Assert.Equal(("DequantizeLinear", (int)DataType.Int8), (node.OpType, graph.Constant(node.Input[0]).DataType));
                Assert.Equal(graph.Constant(node.Input[0]).Dims[(int)node.GetInt("axis", 1)], graph.Constant(node.Input[1]).ElementCount());
            }
        );
    }

    [Theory]
    [InlineData("AveragePool", "one dimension", "AveragePool of 'y': TensorRT pools over two or three dimensions only")]
    [InlineData("MaxPool", "one dimension", "MaxPool of 'y': TensorRT pools over two or three dimensions only")]
    [InlineData("MaxPool", "indices", "MaxPool of 'y': TensorRT computes its first output only")]
    [InlineData("MaxPool", "dilations", "MaxPool of 'y': TensorRT pools without dilations only")]
    public void Poolings_have_restrictions(string op, string form, string expected)
    {
        var isFlat = form == "one dimension";
        var net = isFlat ? new Net().Input("x", 1, 3, 12) : new Net().Input("x", 1, 3, 12, 12);
        (string, object)[] attributes = [("kernel_shape", isFlat ? new long[] { 3 } : [3, 3])];
        if (form == "dilations")
            attributes = [.. attributes, ("dilations", new long[] { 2, 2 })];
        net.Node(op, "x", form == "indices" ? "y i" : "y", attributes).Output(form == "indices" ? ["y", "i"] : ["y"]);

        Assert.Contains(expected, net.Build().Refusal("tensorrt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("STFT", "its input 'window' is computed")]
    [InlineData("DeformConv", "TensorRT takes equal pads at both ends of an axis only")]
    [InlineData("Resize", "TensorRT takes scales for all axes only")]
    [InlineData("Attention of three dimensions", "TensorRT takes 4 dimensions here")]
    [InlineData("Attention with a mode", "TensorRT takes 'qk_matmul_output_mode' with 0 only")]
    [InlineData("Attention with products", "TensorRT takes attention without a cache and with one output only")]
    [InlineData("Mish", "its input 'x' is bfloat16, and TensorRT does not take that type here")]
    public void Operators_of_TensorRT_10_15_have_restrictions(string form, string reason)
    {
        var net = new Net(opset: 23, irVersion: 11);
        (string, object)[] heads = [("q_num_heads", 2L), ("kv_num_heads", 2L)];
        var model = (
            form switch
            {
                "STFT" => net.Input("x", 1, 32, 1).Input("window", 8).Constant<long>("step", [], 4).Node("STFT", "x step window", "y"),
                "DeformConv" => net.Input("x", 1, 1, 4, 4)
                    .Weight("w", 1, 1, 2, 2)
                    .Input("offset", 1, 8, 4, 4)
                    .Node("DeformConv", "x w offset", "y", ("pads", new long[] { 0, 0, 1, 1 })),
                "Resize" => net.Input("x", 1, 1, 4, 4).Constant("scales", [2], 2f, 2f).Node("Resize", "x _ scales", "y", ("axes", new long[] { 2, 3 })),
                "Attention of three dimensions" => net.Input("x", 1, 4, 8).Node("Attention", "x x x", "y", heads),
                "Attention with a mode" => net.Input("x", 1, 2, 4, 8).Node("Attention", "x x x", "y", ("qk_matmul_output_mode", 1L)),
                "Attention with products" => net.Input("x", 1, 2, 4, 8).Node("Attention", "x x x", "y _ _ p").Output("p"),
                "Mish" => net.Input("x", DataType.Bfloat16, 1, 4).Node("Mish", "x", "y"),
                _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
            }
        )
            .Output("y")
            .Build();

        Assert.Contains(reason, model.Refusal("tensorrt"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_node_that_is_refused_is_listed_with_its_reason()
    {
        var model = new Net()
            .Input("x", 1, 8)
            .Node("Det", "square", "d")
            .Node("Cast", "x", "wide", ("to", (long)DataType.Double))
            .Node("Abs", "wide", "y")
            .Output("y", "d");
        model.Input("square", 4, 4);

        var message = model.Build().Refusal("tensorrt");

        Assert.StartsWith("TensorRT does not take this model, so nothing was written. ", message, StringComparison.Ordinal);
        Assert.Contains("Det of 'd': TensorRT has no Det; ", message, StringComparison.Ordinal);
        Assert.Contains("Cast of 'wide': its output 'wide' is float64, and TensorRT has no values of that type; ", message, StringComparison.Ordinal);
        Assert.Contains("Abs of 'y': its input 'wide' is float64, and TensorRT does not take that type here", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_with_the_same_reason_are_listed_together()
    {
        var net = new Net().Input("x", 4, 4);
        for (var i = 0; i < 12; i++)
            net.Node("Det", "x", $"d{i}").Output($"d{i}");

        Assert.EndsWith(
            "Det of 'd0', Det of 'd1', Det of 'd2', Det of 'd3', Det of 'd4', Det of 'd5', Det of 'd6', Det of 'd7', Det of 'd8', Det of 'd9', "
                + "and 2 more: TensorRT has no Det.",
            net.Build().Refusal("tensorrt"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_input_of_bytes_is_taken_if_a_Cast_reads_it()
    {
        var net = new Net().Input("x", DataType.Uint8, 1, 8).Node("Cast", "x", "y", ("to", (long)DataType.Float)).Output("y");
        Assert.True(net.Build().Export("tensorrt").Difference.IsNone);

        var other = new Net().Input("x", DataType.Uint8, 1, 8).Node("Reshape", "x shape", "y").Constant<long>("shape", [1], 8).Output("y");
        Assert.Contains("the input 'x': it is uint8", other.Build().Refusal("tensorrt"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_depends_on_values_is_refused()
    {
        var net = new Net().Input("x", 4, 8).Node("NonZero", "x", "y").Output("y");

        Assert.Contains("NonZero of 'y': the shape of its output 'y' depends on values", net.Build().Refusal("tensorrt"), StringComparison.Ordinal);
    }

    // The model quantizes an input and has weights with the same zero point.
    private static OnnxModel Quantized<T>(T point)
        where T : unmanaged =>
        new Net()
            .Input("x", 1, 16)
            .Constant("scale", [], 0.02f)
            .Constant("point", [], point)
            .Constant("codes", [16, 4], [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 53))])
            .Node("QuantizeLinear", "x scale point", "q")
            .Node("DequantizeLinear", "q scale point", "real")
            .Node("DequantizeLinear", "codes scale point", "weights")
            .Node("MatMul", "real weights", "y")
            .Output("y")
            .Build();
}
