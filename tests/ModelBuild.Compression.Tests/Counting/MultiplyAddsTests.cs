using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Counting;

public sealed class MultiplyAddsTests
{
    private static readonly long[] Ones = [1, 1, 1, 1];
    private static readonly long[] Twos = [2, 2];

    public static TheoryData<string, long> Kinds { get; } =
        new()
        {
            // The figure is the number of output elements times the number of weights that each element sums up.
            { "Conv", 12 * 10 * 10 * 4 * 9 },
            { "depthwise Conv", 8 * 5 * 5 * 9 },
            { "Conv of one axis", 2 * 6 * 8 * 3 * 3 },
            { "Conv of three axes", 5 * 3 * 3 * 3 * 2 * 8 },
            { "FusedConv", 12 * 10 * 10 * 4 * 9 },
            { "ConvInteger", 12 * 10 * 10 * 4 * 9 },
            // The figure is the number of input elements times the number of weights of a channel.
            { "ConvTranspose", 4 * 5 * 5 * 6 * 9 },
            { "ConvTranspose in groups", 4 * 5 * 5 * 3 * 4 },
            { "Gemm", 3 * 5 * 7 },
            { "Gemm transposed", 3 * 5 * 7 },
            { "MatMul", 2 * 3 * 4 * 6 * 5 },
            { "MatMul of two activations", 2 * 3 * 4 * 6 * 5 },
            { "MatMul with a vector", 4 * 5 },
            { "FusedMatMul", 2 * 4 * 6 * 5 },
            { "MatMulInteger", 4 * 5 * 6 },
            { "QLinearMatMul", 4 * 5 * 6 },
            { "Einsum", 2 * 3 * 4 * 5 },
            { "Einsum of one", 0 },
            // The factors are the steps, the rows, the directions, the gates times the hidden units, and the sum of inputs and hidden units.
            { "LSTM", 10 * 2 * 2 * 16 * (6 + 4) },
            { "GRU", 10 * 2 * 12 * (6 + 4) },
            { "RNN", 10 * 2 * 4 * (6 + 4) },
            // An Attention node first computes queries, keys and values. Both operators multiply each query by each key and each attention weight by a value.
            { "Attention", 2 * 6 * 8 * 24 + 2 * 6 * 6 * (8 + 8) },
            { "MultiHeadAttention", 2 * 6 * 9 * (8 + 16) },
            { "Elementwise", 0 },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_of_node_is_counted(string kind, long multiplyAdds)
    {
        var model = Layer(kind).Output("y").Build();
        model.ImportOpset("com.microsoft", 1);

        var cost = Counted.Of(model);

        Assert.Equal((multiplyAdds, 0), (cost.MultiplyAdds, cost.Uncounted));
        // ONNX Runtime loads the model, which shows that the model is valid.
        Assert.NotNull(Counted.Fused(model));
    }

    [Theory]
    [InlineData("Conv", "int8(min-max, everywhere=true)", "QLinearConv")]
    [InlineData("Gemm", "int8(min-max, everywhere=true)", "QGemm")]
    [InlineData("MatMul", "int8(min-max, everywhere=true)", "MatMulIntegerToFloat")]
    [InlineData("large MatMul", "int8-dynamic", "DynamicQuantizeMatMul")]
    [InlineData("large MatMul", "int4", "MatMulNBits")]
    [InlineData("large MatMul", "int4(format=qdq)", "MatMulNBits")]
    [InlineData("large LSTM", "int8-dynamic", "DynamicQuantizeLSTM")]
    [InlineData("large Attention", "int8-dynamic", "QAttention")]
    [InlineData("large MatMul", "float16", "MatMul")]
    public void A_quantized_node_does_what_the_float_one_did(string kind, string recipe, string becomes)
    {
        var model = Layer(kind).Output("y").Build();
        model.ImportOpset("com.microsoft", 1);
        var expected = Counted.Of(model);
        Assert.True(expected.MultiplyAdds > 0);

        var quantized = Quantized(model, recipe);

        Assert.Equal((expected.MultiplyAdds, 0), Count(quantized));
        var fused = Counted.Fused(quantized);
        Assert.Contains(becomes, Steps.Operators(fused), StringComparison.Ordinal);
        Assert.Equal((expected.MultiplyAdds, 0), Count(fused));
        Assert.Equal((expected.Parameters, expected.Parameters), (Counted.Of(quantized).Parameters, Counted.Of(fused).Parameters));
    }

    [Fact]
    public void Of_branches_the_one_counts_that_does_more()
    {
        var then = new Net().Weight("w1", 20, 20).Node("MatMul", "h w1", "a").Node("MatMul", "a outer", "t").Output("t");
        var otherwise = new Net().Weight("w2", 20, 20).Node("MatMul", "h w2", "e").Output("e");
        var model = new Net()
            .Input("x", 3, 20)
            .Input("c", DataType.Bool)
            .Weight("outer", 20, 20)
            .Node("Neg", "x", "h")
            .If("c", "b", then, otherwise)
            .Node("MatMul", "b outer", "y")
            .Output("y")
            .Build();

        Assert.Equal((3 * 3 * 400, 0), Count(model));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(null, 1)]
    public void A_loop_counts_as_often_as_a_constant_says(int? iterations, int times)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(new[] { "i", "go", "h" }.Select(name => new ValueInfoProto { Name = name }));
        body.Node.Add([Net.Make("MatMul", "h w", "m"), Net.Make("Identity", "go", "on")]);
        body.Output.Add(new[] { "on", "m" }.Select(name => new ValueInfoProto { Name = name }));
        var net = new Net().Input("x", 3, 20).Weight("w", 20, 20).Constant("true", [], true);
        net = iterations is { } count ? net.Constant("n", [], (long)count) : net.Input("n", DataType.Int64);

        var model = net.Node("Loop", "n true x", "y", ("body", body)).Output("y").Build();

        Assert.Equal((times * 3 * 400, 0), Count(model));
    }

    [Fact]
    public void A_scan_counts_once_for_each_step()
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(new[] { "s", "x" }.Select(name => new ValueInfoProto { Name = name }));
        body.Node.Add([Net.Make("MatMul", "x w", "m"), Net.Make("Add", "m s", "o"), Net.Make("Identity", "o", "p")]);
        body.Output.Add(new[] { "o", "p" }.Select(name => new ValueInfoProto { Name = name }));

        var model = new Net()
            .Input("s0", 3, 20)
            .Input("xs", 7, 3, 20)
            .Weight("w", 20, 20)
            .Node("Scan", "s0 xs", "last all", ("body", body), ("num_scan_inputs", 1))
            .Output("last", "all")
            .Build();

        Assert.Equal((7 * 3 * 400, 0), Count(model));
    }

    [Fact]
    public void Sizes_that_the_graph_computes_are_computed()
    {
        var model = new Net()
            .OpenInput("x", "batch", "sequence", "64")
            .Weight("w", 64, 64)
            .Constant("zero", [1], 0L)
            .Constant("one", [1], 1L)
            .Constant("heads", [2], 4L, 16L)
            .Node("MatMul", "x w", "h")
            .Node("Shape", "h", "s")
            .Node("Gather", "s zero", "b")
            .Node("Gather", "s one", "n")
            .Node("Concat", "b n heads", "t", ("axis", 0))
            .Node("Reshape", "h t", "r")
            .Node("Transpose", "r", "q", ("perm", new[] { 0, 2, 1, 3 }))
            .Node("Transpose", "r", "k", ("perm", new[] { 0, 2, 3, 1 }))
            .Node("MatMul", "q k", "y")
            .Output("y")
            .Build();

        var meter = Counted.Meter(model);

        Assert.Equal([1, 64, 64], meter.InputShapes["x"]);
        Assert.Equal((64 * 64 * 64 + 4 * 64 * 64 * 16, 0), (meter.Original.MultiplyAdds, meter.Original.Uncounted));
    }

    [Fact]
    public void What_is_not_known_before_the_model_runs_is_said_and_not_guessed()
    {
        // The number of indices that NonZero returns depends on the data.
        var model = new Net()
            .Input("x", 10, 20)
            .Weight("w", 20, 20)
            .Constant("c", [1], 1L)
            .Node("MatMul", "x w", "h")
            .Node("NonZero", "h", "n")
            .Node("Cast", "n", "f", ("to", 1))
            .Node("Transpose", "f", "t")
            .Weight("v", 2, 5)
            .Node("MatMul", "t v", "y")
            .Output("y")
            .Build();

        var work = ModelWork.Of(model, new Dictionary<string, long[]>());

        Assert.Equal([4000L, null], work.Select(node => node.MultiplyAdds));
        Assert.Equal(
            "of one call with x [10, 20], without 2 nodes whose shapes are unknown before a run",
            CountedCall.Describe(new Dictionary<string, long[]> { ["x"] = [10, 20], ["scalar"] = [] }, 2)
        );
    }

    [Fact]
    public void Weights_in_Constant_nodes_and_sparse_ones_have_sizes_too()
    {
        var model = new Net()
            .Input("x", 4, 100)
            .ConstantNode("w", Net.Tensor([100, 100], Noise.Floats(10_000)))
            .Weight("v", 100, 100)
            .Node("MatMul", "x w", "h")
            .Node("MatMul", "h v", "y")
            .Output("y")
            .Build();
        var sparse = Steps.Run(model, "prune(0.9, storage=sparse)");

        Assert.Equal(2, sparse.Proto.Graph.SparseInitializer.Count);
        Assert.Equal((2 * 4 * 10_000, 0), Count(model));
        Assert.Equal((2 * 4 * 10_000, 0), Count(sparse));
        Assert.Equal(20_000, Counted.Of(sparse).Parameters);
    }

    [Fact]
    public void Sizes_that_are_only_claimed_do_no_harm()
    {
        var model = new Net().Input("x", long.MaxValue / 2, 1_000_000).Input("w", 1_000_000, long.MaxValue / 2).Node("MatMul", "x w", "y").Output("y").Build();

        Assert.InRange(Counted.Of(model).MultiplyAdds, 0, long.MaxValue);
    }

    [Fact]
    public void No_weight_is_copied()
    {
        var model = new Net().Input("x", 1, 4096).Weight("w", 4096, 1024).Node("MatMul", "x w", "y").Output("y").Build();
        Counted.Of(model);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var cost = Counted.Of(model);

        Assert.Equal(4096 * 1024, cost.MultiplyAdds);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    // The number of multiply-adds is 24² · 10 · 5² + 8² · 20 · 10 · 5² + 320 · 50 + 50 · 10.
    [InlineData("litenet/litenet-conv.onnx", 21_840, 480_500)]
    // The number of multiply-adds is 784 · 256 + 256 · 10.
    [InlineData("litenet/litenet-fc.onnx", 203_530, 203_264)]
    // The number of multiply-adds is a sum over the convolutions. Each term is the number of output elements times the number of weights that each element
    // sums up.
    [InlineData("litenet/fashion-mobilenet.onnx", 19_722, 983_584)]
    // The number of multiply-adds is 28² · 16 · 9 · (1 + 4 · 16) + (14² · (9 · 16 + 3 · 9 · 32 + 16) + 7² · 2 · (9 · 32 + 3 · 9 · 64 + 32)) · 32 + 64 · 10.
    [InlineData("litenet/fashion-resnet.onnx", 174_410, 20_183_936)]
    // The convolutions and the dense layer have the same sizes as those of litenet-conv.
    [InlineData("models/pytorch_cnn_mnist.onnx", 21_840, 480_500)]
    [InlineData("models/mnist-8.onnx", 5_994, 786_560)]
    [InlineData("models/mnist_qoperator_int8.onnx", 5_994, 786_560)]
    // The figures agree with the published ones, which are 41 million multiply-adds for MobileNet v1 0.25 and 1.24 million parameters for SqueezeNet 1.1.
    [InlineData("models/mobilenetv1_025.onnx", 475_544, 41_030_272)]
    [InlineData("models/squeezenet_fp32.onnx", 1_235_496, 349_151_936)]
    [InlineData("models/squeezenet_fp16.onnx", 1_235_496, 349_151_936)]
    public void Real_models_have_known_figures(string path, long parameters, long multiplyAdds)
    {
        var cost = Counted.Of(OnnxModel.Load(Corpus.Path(path), new OnnxLoadOptions { MapWeights = true }));

        Assert.Equal((parameters, multiplyAdds, 0), (cost.Parameters, cost.MultiplyAdds, cost.Uncounted));
    }

    private static (long, int) Count(OnnxModel model)
    {
        var cost = Counted.Of(model);
        return (cost.MultiplyAdds, cost.Uncounted);
    }

    private static OnnxModel Quantized(OnnxModel model, string recipe)
    {
        long[] shape = [.. SignatureReader.Read(model).Inputs[0].Shape!.Select(size => size.Size!.Value)];
        var samples = ListedSamples.Of("x", [.. Enumerable.Range(0, 4).Select(call => (shape, Noise.Floats(MultiplyAdds.Product(shape), seed: call)))]);
        return Steps.Run(model, recipe, samples, out _);
    }

    private static Net Layer(string kind) =>
        kind switch
        {
            "Conv" => new Net().Input("x", 1, 8, 10, 10).Weight("w", 12, 4, 3, 3).Weight("b", 12).Node("Conv", "x w b", "y", ("group", 2), ("pads", Ones)),
            "depthwise Conv" => new Net()
                .Input("x", 1, 8, 10, 10)
                .Weight("w", 8, 1, 3, 3)
                .Node("Conv", "x w", "y", ("group", 8), ("pads", Ones), ("strides", Twos)),
            "Conv of one axis" => new Net().Input("x", 2, 3, 10).Weight("w", 6, 3, 3).Node("Conv", "x w", "y"),
            "Conv of three axes" => new Net().Input("x", 1, 2, 4, 4, 4).Weight("w", 5, 2, 2, 2, 2).Node("Conv", "x w", "y"),
            "FusedConv" => new Net()
                .Input("x", 1, 8, 10, 10)
                .Weight("w", 12, 4, 3, 3)
                .Add(Nodes.Create("FusedConv", ["x", "w"], ["y"], "", "com.microsoft", ("group", 2), ("pads", Ones), ("activation", "Relu"))),
            "ConvInteger" => new Net()
                .Input("x", DataType.Uint8, 1, 8, 10, 10)
                .Constant("w", [12, 4, 3, 3], new byte[432])
                .Node("ConvInteger", "x w", "y", ("group", 2), ("pads", Ones)),
            "ConvTranspose" => new Net().Input("x", 1, 4, 5, 5).Weight("w", 4, 6, 3, 3).Node("ConvTranspose", "x w", "y", ("strides", Twos)),
            "ConvTranspose in groups" => new Net().Input("x", 1, 4, 5, 5).Weight("w", 4, 3, 2, 2).Node("ConvTranspose", "x w", "y", ("group", 2)),
            "Gemm" => new Net().Input("x", 3, 7).Weight("w", 7, 5).Weight("b", 5).Node("Gemm", "x w b", "y"),
            "Gemm transposed" => new Net().Input("x", 7, 3).Weight("w", 5, 7).Node("Gemm", "x w", "y", ("transA", 1), ("transB", 1)),
            "MatMul" => new Net().Input("x", 2, 3, 4, 5).Weight("w", 5, 6).Node("MatMul", "x w", "y"),
            "MatMul of two activations" => new Net().Input("x", 2, 3, 4, 5).Input("z", 1, 3, 5, 6).Node("MatMul", "x z", "y"),
            "MatMul with a vector" => new Net().Input("x", 4, 5).Weight("w", 5).Node("MatMul", "x w", "y"),
            "FusedMatMul" => new Net()
                .Input("x", 2, 5, 4)
                .Input("z", 2, 6, 5)
                .Add(Nodes.Create("FusedMatMul", ["x", "z"], ["y"], "", "com.microsoft", ("transA", 1), ("transB", 1))),
            "MatMulInteger" => new Net().Input("x", DataType.Uint8, 4, 5).Constant("w", [5, 6], new sbyte[30]).Node("MatMulInteger", "x w", "y"),
            "QLinearMatMul" => new Net()
                .Input("x", DataType.Uint8, 4, 5)
                .Constant("w", [5, 6], new sbyte[30])
                .Constant("s", [], 1f)
                .Constant("z", [], (byte)0)
                .Constant("zw", [], (sbyte)0)
                .Node("QLinearMatMul", "x s z w s zw s z", "y"),
            "Einsum" => new Net().Input("x", 2, 3, 4).Input("z", 2, 4, 5).Node("Einsum", "x z", "y", ("equation", "bij, bjk -> bik")),
            "Einsum of one" => new Net().Input("x", 2, 3).Node("Einsum", "x", "y", ("equation", "ij->ji")),
            "LSTM" => new Net()
                .Input("x", 10, 2, 6)
                .Weight("w", 2, 16, 6)
                .Weight("r", 2, 16, 4)
                .Weight("b", 2, 32)
                .Node("LSTM", "x w r b", "y", ("hidden_size", 4), ("direction", "bidirectional")),
            "GRU" => new Net().Input("x", 10, 2, 6).Weight("w", 1, 12, 6).Weight("r", 1, 12, 4).Node("GRU", "x w r", "_ y", ("hidden_size", 4)),
            "RNN" => new Net().Input("x", 10, 2, 6).Weight("w", 1, 4, 6).Weight("r", 1, 4, 4).Node("RNN", "x w r", "y", ("hidden_size", 4)),
            "Attention" => Attention(new Net().Input("x", 2, 6, 8).Weight("w", 8, 24).Weight("b", 24)),
            "MultiHeadAttention" => new Net()
                .Input("q", 2, 6, 8)
                .Input("k", 2, 9, 8)
                .Input("v", 2, 9, 16)
                .Add(Nodes.Create("MultiHeadAttention", ["q", "k", "v"], ["y"], domain: "com.microsoft", attributes: ("num_heads", 2))),
            "Elementwise" => new Net().Input("x", 4, 5).Weight("w", 5).Node("Mul", "x w", "h").Node("Softmax", "h", "y"),
            "large MatMul" => new Net(opset: 21, irVersion: 10).Input("x", 3, 64).Weight("w", 64, 64).Node("Relu", "x", "h").Node("MatMul", "h w", "y"),
            "large LSTM" => new Net()
                .Input("x", 10, 2, 32)
                .Weight("w", 1, 128, 32)
                .Weight("r", 1, 128, 32)
                .Weight("b", 1, 256)
                .Node("LSTM", "x w r b", "y", ("hidden_size", 32)),
            "large Attention" => Attention(new Net().Input("x", 2, 6, 32).Weight("w", 32, 96).Weight("b", 96)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown"),
        };

    private static Net Attention(Net net) => net.Add(Nodes.Create("Attention", ["x", "w", "b"], ["y"], domain: "com.microsoft", attributes: ("num_heads", 2)));
}
