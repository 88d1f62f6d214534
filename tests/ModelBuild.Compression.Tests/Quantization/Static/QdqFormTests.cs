using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>Tests the emitted types, scales, biases, and parameters that values share.</summary>
public sealed class QdqFormTests
{
    public static TheoryData<string> Kinds { get; } =
    [
        "Conv",
        "Conv without bias",
        "Conv of groups",
        "Conv depthwise",
        "Conv 1-D",
        "Conv 3-D",
        "Gemm",
        "Gemm turned",
        "Gemm with factors",
        "Gemm without bias",
        "Gemm with one bias",
        "Gemm with a row of bias",
        "MatMul",
        "MatMul of many",
    ];

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Kinds))]
    public void Every_layer_becomes_an_integer_operator(string kind)
    {
        foreach (var options in new[] { "", ", per-channel=false", ", reduce-range=true", ", bits=4", ", bits=2" })
        {
            var run = new Int8Run(Kind(kind), $"everywhere=true{options}");
            var op = kind.Split(' ')[0];

            Assert.Equal(
                op switch
                {
                    "Conv" => "QLinearConv",
                    "Gemm" => "QGemm",
                    _ => "MatMulIntegerToFloat",
                },
                run.Node(op).Became()
            );
            Assert.DoesNotContain(op, run.Runs.Split(' '));
            Assert.InRange(
                run.Sqnr(),
                options switch
                {
                    ", bits=4" => 10,
                    ", bits=2" => 0,
                    _ => 28,
                },
                60
            );
            var (codes, scales) = run.Stored(run.Layer(op), 1);
            Assert.Equal((int)DataType.Int8, codes.DataType);
            Assert.Equal(options.Contains("per-channel", StringComparison.Ordinal) ? 1 : Outputs(kind), scales.Length);
            var greatest = codes.Span<sbyte>().ToArray().Max(code => Math.Abs((int)code));
            Assert.Equal(
                options switch
                {
                    ", reduce-range=true" => 64,
                    ", bits=4" => 7,
                    ", bits=2" => 1,
                    _ => 127,
                },
                greatest
            );
        }
    }

    [Theory]
    [InlineData("cpu-x64", DataType.Uint8)]
    [InlineData("cpu-arm64", DataType.Int8)]
    [InlineData("qnn", DataType.Int8)]
    internal void Activations_have_the_type_that_the_target_multiplies(string target, DataType type)
    {
        var run = new Int8Run(Kind("Conv"), target: target);

        Assert.Equal(type, run.Parameters("x").Type);
        Assert.Equal(type, run.Parameters("y").Type);
        Assert.Equal(type == DataType.Uint8 ? 128 : 0, run.Parameters("x").ZeroPoint, 2.0);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Fact]
    public void The_bias_has_the_scale_of_the_products()
    {
        var run = new Int8Run(Kind("Conv"));

        var (bias, scales) = run.Stored(run.Layer("Conv"), 2);
        Assert.Equal((int)DataType.Int32, bias.DataType);
        Assert.Equal(run.Stored(run.Layer("Conv"), 1).Scales.Select(scale => scale * run.Parameters("x").Scale), scales);
        var original = Kind("Conv").Build().Proto.Graph.Initializer.Single(tensor => tensor.Name == "b").ToFloats();
        Assert.All(
            original.Zip(bias.Span<int>().ToArray()).Index(),
            pair => Assert.Equal(pair.Item.First, pair.Item.Second * scales[pair.Index], scales[pair.Index])
        );
    }

    [Fact]
    public void A_dead_channel_does_not_make_its_bias_overflow()
    {
        var weights = Noise.Floats(16 * 8 * 9, scale: 0.2);
        // The weights of the first channel are nearly zero, and its bias is not.
        for (var i = 0; i < 72; i++)
            weights[i] *= 1e-12f;
        var bias = Noise.Floats(16);
        bias[0] = 3;
        var run = new Int8Run(
            new Net().Input("x", 1, 8, 12, 12).Constant("w", [16, 8, 3, 3], weights).Constant("b", [16], bias).Node("Conv", "x w b", "y").Output("y")
        );

        var (codes, scales) = run.Stored(run.Layer("Conv"), 2);
        Assert.Equal(3, codes.Span<int>()[0] * (double)scales[0], 0.001);
        Assert.InRange(codes.Span<int>()[0], 1 << 20, int.MaxValue / 2 + 1000);
        Assert.Equal("QLinearConv", run.Node("Conv").Became());
        Assert.InRange(run.Sqnr(), 35, 60);
    }

    [Fact]
    public void What_only_moves_values_keeps_their_scale_and_zero_point()
    {
        var net = new Net()
            .Input("x", 1, 8, 12, 12)
            .Weight("w1", 16, 8, 1, 1)
            .Weight("w2", 24, 8, 1, 1)
            .Constant("sizes", [2], 8L, 8)
            .Constant("from", [1], 0L)
            .Constant("to", [1], 6L)
            .Constant("axis", [1], 2L)
            .Node("Conv", "x w1", "c")
            .Node("MaxPool", "c", "p", ("kernel_shape", new long[] { 2, 2 }))
            .Node("Split", "p sizes", "s1 s2", ("axis", 1L))
            .Node("Slice", "s2 from to axis", "cut")
            .Node("Transpose", "cut", "t", ("perm", new long[] { 0, 1, 3, 2 }))
            .Node("Conv", "t w2", "y")
            .Node("Conv", "s1 w2b", "z")
            .Weight("w2b", 4, 8, 1, 1)
            .Output("y", "z");
        var run = new Int8Run(net);

        foreach (var value in new[] { "p", "s1", "s2", "cut", "t" })
            Assert.Equal(run.Parameters("c"), run.Parameters(value));
        Assert.NotEqual(run.Parameters("c"), run.Parameters("y"));
        // The nodes share one initializer for the scale.
        Assert.Single(
            run.Graph.Nodes.Where(node => node.OpType == "QuantizeLinear" && node.Output[0] is "c_codes" or "p_codes" or "s1_codes")
                .Select(node => node.Input[1])
                .Distinct()
        );
        Assert.Equal(3, run.Report.Changes["layers quantized"]);
        Assert.InRange(run.Sqnr(), 30, 60);
    }

    [Fact]
    public void What_computes_has_a_range_of_its_own_and_constants_have_codes()
    {
        var net = new Net()
            .Input("x", 1, 8, 12, 12)
            .Weight("w1", 16, 8, 1, 1)
            .Weight("w2", 4, 32, 1, 1)
            .Weight("k", 1, 16, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Add", "c c", "a")
            .Node("Mul", "a k", "m")
            .Node("Concat", "c m", "cat", ("axis", 1L))
            .Node("Conv", "cat w2", "y")
            .Output("y");
        var run = new Int8Run(net);

        Assert.Equal(6, run.Graph.Nodes.Where(node => node.OpType == "QuantizeLinear").Select(node => node.Input[1]).Distinct().Count());
        Assert.Equal(["QLinearAdd", "QLinearMul", "QLinearConcat"], new[] { "Add", "Mul", "Concat" }.Select(op => run.Node(op).Became()));
        Assert.InRange(run.Sqnr(), 28, 60);
    }

    [Fact]
    public void Weights_that_layers_share_are_stored_once()
    {
        Ort.SkipWhereSharedProductsSaturate();
        var net = new Net()
            .Input("x", 1, 16, 12, 12)
            .Weight("w", 16, 16, 3, 3)
            .Weight("b", 16)
            .Weight("b2", 16)
            .Node("Conv", "x w b", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w b2", "y")
            .Output("y");
        var run = new Int8Run(net);

        Assert.Single(run.Model.Proto.Graph.Initializer, tensor => tensor.Dims.Count == 4);
        Assert.Equal(["QLinearConv", "QLinearConv"], run.Report.Nodes.Where(node => node.Operator == "Conv").Select(node => node.Became()));
        Assert.InRange(run.Sqnr(), 28, 60);
    }

    [Fact]
    public void Layers_that_share_weights_and_bias_have_a_bias_each_with_their_own_scale()
    {
        Ort.SkipWhereSharedProductsSaturate();
        var net = new Net()
            .Input("x", 1, 16, 12, 12)
            .Weight("w", 16, 16, 3, 3)
            .Weight("b", 16)
            .Node("Conv", "x w b", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w b", "y")
            .Output("y");
        var run = new Int8Run(net, target: "qnn");

        var layers = run.Graph.Nodes.Where(node => node.OpType == "Conv").ToArray();
        Assert.Single(layers.Select(layer => run.Graph.Producer(layer.Input[1])!.Input[0]).Distinct());
        var original = net.Build().Proto.Graph.Initializer.Single(tensor => tensor.Name == "b").ToFloats();
        foreach (var (layer, input) in layers.Zip(["x", "r"]))
        {
            var (bias, scales) = run.Stored(layer, 2);
            Assert.Equal((int)DataType.Int32, bias.DataType);
            Assert.Equal(run.Stored(layer, 1).Scales.Select(scale => scale * run.Parameters(input).Scale), scales);
            Assert.All(
                original.Zip(bias.Span<int>().ToArray()).Index(),
                pair => Assert.Equal(pair.Item.First, pair.Item.Second * scales[pair.Index], scales[pair.Index])
            );
        }

        Assert.InRange(run.Sqnr(), 28, 60);
    }

    [Theory]
    [InlineData(1f, 1)]
    [InlineData(1e4f, 2)]
    public void A_bias_that_does_not_fit_the_scales_of_shared_weights_gets_weights_of_its_own(float factor, int copies)
    {
        Ort.SkipWhereSharedProductsSaturate();
        // The scale of a dead channel is the one that its bias needs in the first layer. The second layer has another bias.
        var weights = Noise.Floats(16 * 16, scale: 0.2);
        weights.AsSpan(0, 16).Fill(1e-12f);
        var bias = Noise.Floats(16);
        float[] other = [bias[0] * factor, .. bias[1..]];
        var net = new Net()
            .Input("x", 1, 16, 12, 12)
            .Constant("w", [16, 16, 1, 1], weights)
            .Constant("b", [16], bias)
            .Constant("b2", [16], other)
            .Node("Conv", "x w b", "c")
            .Node("Conv", "x w b2", "d")
            .Output("c", "d");
        var run = new Int8Run(net);

        Assert.Equal(copies, run.Model.Proto.Graph.Initializer.Count(tensor => tensor.Dims.Count == 4));
        Assert.Equal(
            other[0],
            run.Stored(run.Graph.Nodes.Last(node => node.OpType == "Conv"), 2) is var (codes, scales) ? codes.Span<int>()[0] * scales[0] : 0,
            Math.Abs(other[0]) * 1e-5f
        );
        Assert.InRange(run.Sqnr(), 28, 90);
    }

    [Fact]
    public void Layers_that_share_weights_but_not_their_factor_answer_right()
    {
        Ort.SkipWhereSharedProductsSaturate();
        var net = new Net()
            .Input("x", 4, 24)
            .Weight("w", 24, 24)
            .Weight("c", 24)
            .Node("Gemm", "x w c", "a", ("alpha", 0.5f), ("beta", 3f))
            .Node("Gemm", "a w", "b")
            .Node("Gemm", "b w c", "y", ("alpha", 0.5f), ("beta", -2f))
            .Output("y", "a", "b");

        Assert.InRange(new Int8Run(net).Sqnr(), 24, 60);
    }

    [Fact]
    public void A_value_that_layers_read_in_8_and_in_16_bits_is_quantized_for_each()
    {
        var net = new Net()
            .Input("x", 1, 8, 12, 12)
            .Weight("w1", 16, 8, 3, 3)
            .Weight("w2", 16, 16, 3, 3)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "y")
            .Output("y");
        var run = new Int8Run(net, "everywhere=true, layers=Conv_y:a16+int16", "qnn");

        var second = run.Graph.Nodes.Last(node => node.OpType == "Conv");
        Assert.Equal((int)DataType.Int16, run.Stored(second, 1).Codes.DataType);
        Assert.Equal(DataType.Int16, run.Parameters("y").Type);
        Assert.Equal(DataType.Int8, run.Parameters("x").Type);
        // Before opset 21, only ONNX Runtime's own operators have 16 bits.
        Assert.Contains(run.Graph.Nodes, node => node.OpType == "QuantizeLinear" && node.Domain == "com.microsoft");
        Assert.InRange(run.Sqnr(), 30, 70);
    }

    [Theory]
    [InlineData("cpu-x64", "everywhere=true", DataType.Uint16)]
    [InlineData("qnn", "everywhere=false", DataType.Int16)]
    internal void Sixteen_bits_are_for_accelerators_and_nearly_exact(string target, string options, DataType type)
    {
        var activations = type == DataType.Uint16 ? "uint16" : "int16";
        var run = new Int8Run(Kind("Conv"), $"{options}, activations={activations}, weights=int16", target);

        Assert.Equal(1, run.Report.Changes["layers quantized"]);
        Assert.Equal(type, run.Parameters("x").Type);
        Assert.InRange(run.Sqnr(), 75, 200);
        // From opset 21 on, ONNX's own operators have 16 bits.
        var late = new Int8Run(Kind("Conv", opset: 21), $"{options}, activations={activations}, weights=int16", target);
        Assert.All(late.Graph.Nodes, node => Assert.Equal("", node.Domain));
        Assert.InRange(late.Sqnr(), 75, 200);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(19)]
    [InlineData(21)]
    public void Scales_for_each_channel_come_with_opset_13_and_before_from_ONNX_Runtime(long opset)
    {
        var run = new Int8Run(Kind("Conv", opset));

        Assert.Equal(
            opset < 13 ? "com.microsoft" : "",
            Assert.Single(run.Graph.Nodes.Where(node => node.OpType.EndsWith("Linear", StringComparison.Ordinal)).Select(node => node.Domain).Distinct())
        );
        Assert.Equal(Math.Max(12, opset), run.Model.Opset());
        Assert.Equal("QLinearConv", run.Node("Conv").Became());
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void The_same_bytes_come_out_each_time_whatever_the_parallelism(int threads, int again)
    {
        var model = new Net()
            .Input("x", 1, 8, 12, 12)
            .Weight("w1", 16, 8, 3, 3)
            .Weight("w2", 16, 16, 3, 3)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "y")
            .Output("y")
            .Build();
        const string recipe = "equalize int8(mse, everywhere=true) least-squares gptq coordinate-descent bias-correction";
        byte[] Bytes(int count) => new Int8Run(model, recipe, threads: count).Model.ToBytes();

        Assert.Equal(Bytes(1), Bytes(threads));
        Assert.Equal(Bytes(again), Bytes(again));
    }

    internal static Net Kind(string kind, long opset = 17) =>
        kind switch
        {
            "Conv" => Image(opset).Weight("w", 16, 8, 3, 3).Weight("b", 16).Node("Conv", "x w b", "y").Output("y"),
            "Conv without bias" => Image(opset).Weight("w", 16, 8, 3, 3).Node("Conv", "x w", "y").Output("y"),
            "Conv of groups" => Image(opset).Weight("w", 16, 2, 3, 3).Weight("b", 16).Node("Conv", "x w b", "y", ("group", 4L)).Output("y"),
            "Conv depthwise" => Image(opset)
                .Weight("w", 8, 1, 3, 3)
                .Weight("b", 8)
                .Node("Conv", "x w b", "y", ("group", 8L), ("strides", new long[] { 2, 2 }))
                .Output("y"),
            "Conv 1-D" => new Net(opset).Input("x", 2, 8, 40).Weight("w", 16, 8, 5).Weight("b", 16).Node("Conv", "x w b", "y").Output("y"),
            "Conv 3-D" => new Net(opset).Input("x", 1, 4, 6, 6, 6).Weight("w", 8, 4, 3, 3, 3).Weight("b", 8).Node("Conv", "x w b", "y").Output("y"),
            "Gemm" => Matrix(opset).Weight("w", 40, 30).Weight("b", 30).Node("Gemm", "x w b", "y").Output("y"),
            "Gemm turned" => Matrix(opset).Weight("w", 30, 40).Weight("b", 30).Node("Gemm", "x w b", "y", ("transB", 1L)).Output("y"),
            "Gemm with factors" => Matrix(opset).Weight("w", 40, 30).Weight("b", 30).Node("Gemm", "x w b", "y", ("alpha", 0.25f), ("beta", -3f)).Output("y"),
            "Gemm without bias" => Matrix(opset).Weight("w", 40, 30).Node("Gemm", "x w", "y").Output("y"),
            "Gemm with one bias" => Matrix(opset).Weight("w", 40, 30).Weight("b").Node("Gemm", "x w b", "y").Output("y"),
            "Gemm with a row of bias" => Matrix(opset).Weight("w", 40, 30).Weight("b", 1, 30).Node("Gemm", "x w b", "y").Output("y"),
            "MatMul" => Matrix(opset).Weight("w", 40, 30).Node("MatMul", "x w", "y").Output("y"),
            "MatMul of many" => new Net(opset).Input("x", 2, 3, 40).Weight("w", 40, 30).Node("MatMul", "x w", "y").Output("y"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static int Outputs(string kind) =>
        kind switch
        {
            "Conv depthwise" or "Conv 3-D" => 8,
            _ when kind.StartsWith("Conv", StringComparison.Ordinal) => 16,
            _ => 30,
        };

    private static Net Image(long opset) => new Net(opset).Input("x", 1, 8, 12, 12);

    private static Net Matrix(long opset) => new Net(opset).Input("x", 5, 40);
}
