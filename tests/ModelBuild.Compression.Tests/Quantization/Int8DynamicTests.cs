using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class Int8DynamicTests
{
    // The bound is that of activations and weights of 8 bits each.
    private const double Decibels = 33;

    [Theory]
    [InlineData(new long[] { 5, 64 })]
    [InlineData(new long[] { 2, 5, 64 })]
    [InlineData(new long[] { 2, 3, 5, 64 })]
    [InlineData(new long[] { 64 })]
    public void A_product_becomes_one_operator(long[] input) =>
        Becomes(new Net().Input("x", input).Weight("w", 64, 48).Node("MatMul", "x w", "y").Output("y"), "DynamicQuantizeMatMul");

    [Fact]
    public void One_scale_for_all_weights_is_possible() =>
        Becomes(
            new Net().Input("x", 5, 64).Weight("w", 64, 48).Node("MatMul", "x w", "y").Output("y"),
            "DynamicQuantizeMatMul",
            "int8-dynamic(per-channel=false)"
        );

    [Theory]
    [InlineData(0, 0, 1f, 1f)]
    [InlineData(0, 1, 1f, 1f)]
    [InlineData(0, 0, 0.5f, 1f)]
    [InlineData(0, 1, -2f, 1f)]
    [InlineData(0, 1, 0.5f, 0.25f)]
    [InlineData(0, 0, 1f, 0f)]
    public void A_Gemm_becomes_one_operator_with_its_bias_inside(int transA, int transB, float alpha, float beta) =>
        Becomes(Gemm(transA, transB, alpha, beta, [48]), "DynamicQuantizeMatMul");

    [Fact]
    public void A_Gemm_of_a_turned_input_turns_it_first() => Becomes(Gemm(1, 1, 2f, 1f, [48]), "DynamicQuantizeMatMul Transpose");

    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 1 })]
    [InlineData(new long[] { 1, 48 })]
    [InlineData(new long[] { 5, 48 })]
    [InlineData(new long[] { 5, 1 })]
    public void A_bias_of_any_shape_is_added(long[] bias)
    {
        var quantized = Becomes(Gemm(0, 1, 1f, 0.5f, bias), operators: null);

        Assert.DoesNotContain("MatMulInteger ", Steps.Operators(Ort.Optimized(quantized)) + " ", StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_that_is_computed_is_scaled_and_added()
    {
        var net = new Net().Input("x", 5, 64).Input("b", 48).Weight("w", 64, 48).Node("Gemm", "x w b", "y", ("beta", 0.5f)).Output("y");

        Becomes(net, operators: null);
    }

    [Fact]
    public void Products_of_one_input_quantize_it_once()
    {
        var net = new Net()
            .Input("x", 5, 64)
            .Weight("q", 64, 48)
            .Weight("k", 64, 48)
            .Weight("v", 64, 48)
            .Node("MatMul", "x q", "a")
            .Node("MatMul", "x k", "b")
            .Node("Gemm", "x v", "c")
            .Output("a", "b", "c");

        var quantized = Becomes(net, "DynamicQuantizeLinear MatMulIntegerToFloat*3");

        Assert.Single(quantized.Proto.Graph.Node, node => node.OpType == "DynamicQuantizeLinear");
    }

    [Fact]
    public void Layers_that_share_a_weight_share_the_quantized_one()
    {
        Ort.SkipWhereSharedProductsSaturate();
        var net = new Net()
            .Input("x", 5, 64)
            .Weight("w", 64, 64)
            .Node("MatMul", "x w", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w", "c")
            .Node("Gemm", "c w", "y", ("transB", 1))
            .Output("y");

        var quantized = Becomes(net, "DynamicQuantizeMatMul*3 Relu");

        // The transposed weight is stored separately, because its scales belong to its rows.
        Assert.Equal(2, quantized.Proto.Graph.Initializer.Count(tensor => tensor.DataType == (int)DataType.Int8 && tensor.Dims.Count == 2));
        Assert.DoesNotContain(quantized.Proto.Graph.Initializer, tensor => tensor.Name == "w");
    }

    [Fact]
    public void A_weight_that_something_else_reads_stays_for_it()
    {
        var net = new Net()
            .Input("ids", DataType.Int64, 3)
            .Weight("w", 60, 40)
            .Node("Gather", "w ids", "e")
            .Node("Gemm", "e w", "y", ("transB", 1))
            .Output("y", "w");

        var quantized = Becomes(net, operators: null);

        Assert.Contains(quantized.Proto.Graph.Initializer, tensor => tensor.Name == "w" && tensor.DataType == (int)DataType.Float);
    }

    [Fact]
    public void Branches_that_share_a_weight_share_the_quantized_one()
    {
        Ort.SkipWhereSharedProductsSaturate();
        var net = new Net()
            .Input("x", 5, 64)
            .Input("c", DataType.Bool)
            .Weight("w", 64, 64)
            .If(
                "c",
                "y",
                new Net().Node("MatMul", "x w", "m1").Node("Neg", "m1", "t").Output("t"),
                new Net().Node("MatMul", "x w", "m2").Node("Abs", "m2", "e").Output("e")
            )
            .Output("y");

        var quantized = Becomes(net, "Abs DynamicQuantizeMatMul*2 If Neg");

        Assert.Equal(1, quantized.Tensors().Count(tensor => tensor.DataType == (int)DataType.Int8 && tensor.Dims.Count == 2));
    }

    [Theory]
    [InlineData("forward", 1, true)]
    [InlineData("reverse", 1, true)]
    [InlineData("bidirectional", 2, true)]
    [InlineData("bidirectional", 2, false)]
    public void An_LSTM_becomes_one_operator(string direction, int directions, bool perChannel)
    {
        var quantized = Becomes(
            Lstm(directions).Node("LSTM", "x w r b", "y h c", ("hidden_size", 32), ("direction", direction)).Output("y", "h", "c"),
            "DynamicQuantizeLSTM",
            perChannel ? "int8-dynamic" : "int8-dynamic(per-channel=false)"
        );

        Assert.Equal(1, quantized.Opset("com.microsoft"));
        Assert.Equal(
            4 * 32 * (24 + 32) * directions,
            quantized
                .Proto.Graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Int8 && tensor.Dims.Count == 3)
                .Sum(tensor => tensor.ElementCount())
        );
    }

    [Fact]
    public void An_LSTM_keeps_states_lengths_peepholes_and_attributes()
    {
        var net = Lstm(1)
            .Weight("h0", 1, 3, 32)
            .Weight("c0", 1, 3, 32)
            .Weight("p", 1, 96)
            .Constant("lengths", [3], 6, 4, 1)
            .Node(
                "LSTM",
                "x w r b lengths h0 c0 p",
                "y h c",
                ("hidden_size", 32),
                ("clip", 0.5f),
                ("input_forget", 1),
                ("activations", new[] { "Sigmoid", "Tanh", "Tanh" })
            )
            .Output("y", "h", "c");

        Becomes(net, "DynamicQuantizeLSTM");
    }

    [Fact]
    public void An_LSTM_without_a_bias_of_which_only_the_last_state_is_read_is_quantized() =>
        Becomes(Lstm(1).Node("LSTM", "x w r", "_ h", ("hidden_size", 32)).Output("h"), "DynamicQuantizeLSTM");

    [Fact]
    public void LSTMs_that_share_weights_share_the_quantized_ones()
    {
        Ort.SkipWhereSharedProductsSaturate();
        var net = Lstm(1)
            .Node("LSTM", "x w r b", "y", ("hidden_size", 32))
            .Node("Neg", "x", "n")
            .Node("LSTM", "n w r b", "z", ("hidden_size", 32))
            .Output("y", "z");

        var quantized = Becomes(net, "DynamicQuantizeLSTM*2 Neg");

        Assert.Equal(2, quantized.Proto.Graph.Initializer.Count(tensor => tensor.DataType == (int)DataType.Int8 && tensor.Dims.Count == 3));
    }

    [Fact]
    public void What_cannot_gain_stays_and_is_reported()
    {
        var net = new Net()
            .Input("x", 5, 64)
            .Input("batch", 2, 5, 64)
            .Input("s", 6, 2, 3)
            .Weight("small", 64, 8)
            .Weight("cubes", 2, 64, 64)
            .Weight("left", 64, 5)
            .Weight("named", 64, 64)
            .Weight("w", 1, 256, 3)
            .Weight("r", 1, 256, 64)
            .Node("MatMul", "x x2", "1")
            .Node("Transpose", "x", "x2")
            .Node("MatMul", "x small", "2")
            .Node("MatMul", "batch cubes", "3")
            .Node("MatMul", "left x", "4")
            .Node("MatMul", "x named", "5")
            .Node("LSTM", "s w r", "6", ("hidden_size", 64))
            .Output("1", "2", "3", "4", "5", "6");

        var quantized = Steps.Run(net.Build(), "int8-dynamic(exclude=named)", out var report);

        Assert.Equal("Gemm LSTM MatMul*4", Steps.Operators(quantized));
        Assert.Equal(
            [
                "its second operand is not constant",
                "it is too small to save anything",
                "its weights have 3 dimensions, not 2",
                "its second operand is not constant",
                "the recipe excludes it",
                "it is too small to save anything",
            ],
            report.Skipped.Select(left => left.Why)
        );
        Assert.Equal("MatMul of '5'", report.Skipped[4].What);
        Assert.Equal(0, quantized.Opset("com.microsoft"));
    }

    [Fact]
    public void Convolutions_are_never_touched()
    {
        var net = new Net()
            .Input("x", 1, 16, 9, 9)
            .Weight("w", 64, 16, 3, 3)
            .Weight("t", 64, 16, 3, 3)
            .Node("Conv", "x w", "c")
            .Node("ConvTranspose", "c t", "y")
            .Output("y");

        Assert.Equal("Conv ConvTranspose", Steps.Operators(Steps.Run(net.Build(), "int8-dynamic")));
    }

    [Fact]
    public void Batch_first_LSTMs_and_other_recurrent_layers_stay()
    {
        var net = new Net()
            .Input("x", 2, 6, 24)
            .Weight("w", 1, 128, 24)
            .Weight("r", 1, 128, 32)
            .Weight("wg", 1, 96, 24)
            .Weight("rg", 1, 96, 32)
            .Node("LSTM", "x w r", "y", ("hidden_size", 32), ("layout", 1))
            .Node("GRU", "x wg rg", "z", ("hidden_size", 32))
            .Output("y", "z");

        var quantized = Steps.Run(net.Build(), "int8-dynamic", out var report);

        Assert.Equal("GRU LSTM", Steps.Operators(quantized));
        Assert.Equal(
            ["DynamicQuantizeLSTM has no batch-first layout", "ONNX Runtime has no dynamically quantized GRU"],
            report.Skipped.Select(left => left.Why)
        );
    }

    [Fact]
    public void Old_operator_sets_are_left_alone()
    {
        var model = new Net(opset: 10).Input("x", 5, 64).Weight("w", 64, 48).Node("MatMul", "x w", "y").Output("y").Build();

        Assert.Equal("MatMul", Steps.Operators(Steps.Run(model, "int8-dynamic", out var report)));
        Assert.Contains("opset is 10", Assert.Single(report.Skipped).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_finite_stay()
    {
        var values = Noise.Floats(64 * 48);
        values[5] = float.NaN;
        var model = new Net().Input("x", 5, 64).Constant("w", [64, 48], values).Node("MatMul", "x w", "y").Output("y").Build();

        Assert.Equal("MatMul", Steps.Operators(Steps.Run(model, "int8-dynamic")));
    }

    private static Net Gemm(int transA, int transB, float alpha, float beta, long[] bias) =>
        new Net()
            .Input("x", transA == 1 ? [64, 5] : [5, 64])
            .Weight("w", transB == 1 ? [48, 64] : [64, 48])
            .Weight("b", bias)
            .Node("Gemm", "x w b", "y", ("transA", transA), ("transB", transB), ("alpha", alpha), ("beta", beta))
            .Output("y");

    private static Net Lstm(int directions) =>
        new Net().Input("x", 6, 3, 24).Weight("w", directions, 4 * 32, 24).Weight("r", directions, 4 * 32, 32).Weight("b", directions, 8 * 32);

    private static OnnxModel Becomes(Net net, string? operators, string recipe = "int8-dynamic")
    {
        var model = net.Build();
        var quantized = Steps.Run(model, recipe);
        using var ids = OrtValue.CreateTensorValueFromMemory([0L, 7, 3], [3]);
        using var condition = OrtValue.CreateTensorValueFromMemory([true], []);
        (string, OrtValue)[] given = [("ids", ids), ("c", condition)];
        Assert.InRange(Ort.Sqnr(Ort.Run(model, given), Ort.Run(quantized, given)), Decibels, double.PositiveInfinity);
        if (operators is not null)
            Assert.Equal(operators, Steps.Operators(Ort.Optimized(quantized)));
        return quantized;
    }
}
