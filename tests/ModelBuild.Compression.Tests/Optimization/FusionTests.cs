using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Optimization;

public sealed class FusionTests
{
    [Theory]
    [InlineData("Conv", "Add", new long[] { 8, 1, 1 })]
    [InlineData("Conv", "Add", new long[] { 1, 8, 1, 1 })]
    [InlineData("Conv", "Sub", new long[] { 8, 1, 1 })]
    [InlineData("Conv", "Mul", new long[] { 8, 1, 1 })]
    [InlineData("Conv", "Div", new long[] { 1, 8, 1, 1 })]
    [InlineData("Conv", "Mul", new long[] { })]
    [InlineData("Conv", "Add", new long[] { 1 })]
    [InlineData("ConvTranspose", "Add", new long[] { 8, 1, 1 })]
    [InlineData("ConvTranspose", "Mul", new long[] { 8, 1, 1 })]
    public void A_constant_for_each_channel_goes_into_a_convolution(string layer, string op, long[] shape)
    {
        foreach (var bias in new[] { "", " b" })
        {
            var net = new Net().Input("x", 2, 4, 5, 5).Weight("w", layer == "Conv" ? [8, 4, 3, 3] : [4, 8, 3, 3]).Weight("b", 8).Node(layer, "x w" + bias, "c");
            Optimized.Becomes(Apply(net, op, "c", shape), layer);
        }
    }

    [Theory]
    [InlineData("Mul", new long[] { 8, 7, 1 })]
    [InlineData("Add", new long[] { 7 })]
    [InlineData("Add", new long[] { 2, 1, 8, 1, 1 })]
    public void Other_constants_stay_behind_a_convolution(string op, long[] shape) =>
        Optimized.Becomes(
            Apply(new Net().Input("x", 2, 4, 7, 7).Weight("w", 8, 4, 1, 1).Node("Conv", "x w", "c"), op, "c", shape),
            string.Join(' ', new[] { "Conv", op }.Order(StringComparer.Ordinal))
        );

    [Fact]
    public void A_scale_of_groups_goes_into_their_own_weights() =>
        Optimized.Becomes(
            Apply(new Net().Input("x", 2, 4, 5, 5).Weight("w", 4, 3, 3, 3).Node("ConvTranspose", "x w", "c", ("group", 2)), "Mul", "c", [6, 1, 1]),
            "ConvTranspose"
        );

    [Theory]
    [InlineData("Mul", 0)]
    [InlineData("Mul", 1)]
    [InlineData("Add", 0)]
    [InlineData("Add", 1)]
    public void A_constant_for_each_column_goes_into_a_gemm(string op, int transposed)
    {
        var net = new Net().Input("x", 5, 6).Weight("w", transposed == 1 ? [8, 6] : [6, 8]).Weight("b", 8).Node("Gemm", "x w b", "g", ("transB", transposed));
        Optimized.Becomes(Apply(net, op, "g", [8]), "Gemm");
    }

    [Theory]
    [InlineData("Mul", new long[] { 8 })]
    [InlineData("Add", new long[] { 1, 1, 8 })]
    public void A_reshape_that_keeps_the_columns_may_stand_between(string op, long[] shape)
    {
        var net = new Net()
            .Input("x", 6, 4)
            .Weight("w", 4, 8)
            .Weight("b", 8)
            .Constant("s", [3], 2L, 3L, 8L)
            .Node("Gemm", "x w b", "g")
            .Node("Reshape", "g s", "r");
        Optimized.Becomes(Apply(net, op, "r", shape), "Gemm Reshape");
    }

    [Fact]
    public void A_reshape_that_does_not_keep_them_may_not()
    {
        var net = new Net().Input("x", 6, 4).Weight("w", 4, 8).Constant("s", [3], 2L, 8L, 3L).Node("Gemm", "x w", "g").Node("Reshape", "g s", "r");
        Optimized.Becomes(Apply(net, "Mul", "r", [8, 1]), "Gemm Mul Reshape");
    }

    [Fact]
    public void A_scale_goes_into_a_matrix_of_any_product() =>
        Optimized.Becomes(Apply(new Net().OpenInput("x", "batch", "time", "4").Weight("w", 4, 8).Node("MatMul", "x w", "m"), "Mul", "m", [8]), "MatMul");

    [Fact]
    public void A_weight_that_others_read_is_theirs_as_before()
    {
        var net = new Net().Input("x", 2, 4).Input("z", 2, 4).Weight("w", 4, 8).Node("Gemm", "x w", "g").Node("MatMul", "z w", "y2").Output("y2");

        Optimized.Becomes(Apply(net, "Mul", "g", [8]), "Gemm MatMul");
    }

    [Theory]
    [InlineData(17, "NOTSET", "Conv")]
    [InlineData(17, "VALID", "Conv")]
    [InlineData(17, "SAME_UPPER", "Conv Pad")]
    [InlineData(10, "NOTSET", "Conv")]
    public void Zeros_around_an_image_are_a_convolutions_own_affair(long opset, string auto, string left)
    {
        var net = new Net(opset).Input("x", 1, 3, 6, 6).Weight("w", 4, 3, 3, 3);
        long[] pads = [0, 0, 1, 0, 0, 0, 2, 1];
        net = opset < 11 ? net.Node("Pad", "x", "p", ("pads", pads)) : net.Constant("pads", [8], pads).Node("Pad", "x pads", "p");
        Optimized.Becomes(net.Node("Conv", "p w", "y", auto == "NOTSET" ? [("pads", new[] { 1, 1, 0, 0 })] : [("auto_pad", auto)]).Output("y"), left);
    }

    [Theory]
    [InlineData("Conv", 1f, 0L)]
    [InlineData("Conv", 0f, 1L)]
    public void Other_paddings_stay(string op, float value, long channels)
    {
        var net = new Net()
            .Input("x", 1, 3, 6, 6)
            .Weight("w", 4, 3 + channels, 3, 3)
            .Constant("v", [], value)
            .Constant("pads", [8], 0L, channels, 1L, 0L, 0L, 0L, 2L, 1L);
        Optimized.Becomes(net.Node("Pad", "x pads v", "p").Node(op, "p w", "y").Output("y"), $"{op} Pad");
    }

    [Theory]
    [InlineData("AveragePool", "Tanh", 0f, true)]
    [InlineData("AveragePool", "Tanh", 1f, false)]
    [InlineData("MaxPool", "Relu", 0f, true)]
    [InlineData("MaxPool", "Tanh", 0f, false)]
    [InlineData("MaxPool", "Tanh", float.NegativeInfinity, true)]
    public void Padding_before_pooling_is_the_poolings_own_affair(string op, string before, float value, bool goes) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 1, 3, 6, 6)
                .Constant("v", [], value)
                .Constant("pads", [8], 0L, 0L, 1L, 0L, 0L, 0L, 1L, 1L)
                .Node(before, "x", "a")
                .Node("Pad", "a pads v", "p")
                .Node(op, "p", "y", ("kernel_shape", new[] { 2, 3 }), ("strides", new[] { 2, 2 }))
                .Output("y"),
            goes ? $"{op} {before}" : string.Join(' ', new[] { op, "Pad", before }.Order(StringComparer.Ordinal))
        );

    [Theory]
    [InlineData(new long[] { 8 })]
    [InlineData(new long[] { 1, 8 })]
    [InlineData(new long[] { })]
    public void A_product_of_matrices_takes_its_bias(long[] bias) =>
        Optimized.Becomes(
            new Net().OpenInput("x", "batch", "4").Weight("w", 4, 8).Weight("b", bias).Node("MatMul", "x w", "m").Node("Add", "b m", "y").Output("y"),
            "Gemm"
        );

    [Theory]
    [InlineData(new[] { "2", "3", "4" }, new long[] { 8 })]
    [InlineData(new[] { "3", "4" }, new long[] { 3, 8 })]
    [InlineData(new[] { "3", "4" }, new long[] { 2, 1, 8 })]
    public void Other_products_keep_theirs_apart(string[] shape, long[] bias) =>
        Optimized.Becomes(
            new Net().OpenInput("x", shape).Weight("w", 4, 8).Weight("b", bias).Node("MatMul", "x w", "m").Node("Add", "m b", "y").Output("y"),
            "Add MatMul"
        );

    [Fact]
    public void Transposed_operands_go_into_a_product()
    {
        Optimized.Becomes(new Net().Input("x", 4, 5).Input("z", 4, 6).Node("Transpose", "x", "t").Node("MatMul", "t z", "y").Output("y"), "Gemm");
        Optimized.Becomes(
            new Net()
                .Input("x", 4, 5)
                .Input("z", 6, 4)
                .Node("Transpose", "x", "t")
                .Node("Transpose", "z", "u", ("perm", new[] { 1, 0 }))
                .Node("Gemm", "t u", "y")
                .Output("y"),
            "Gemm"
        );
        Optimized.Becomes(new Net().Input("x", 5, 4).Input("z", 4, 6).Node("Transpose", "x", "t").Node("Gemm", "t z", "y", ("transA", 1)).Output("y"), "Gemm");
    }

    [Fact]
    public void Quantization_takes_a_product_with_weights_as_it_is() =>
        Optimized.Becomes(new Net().Input("x", 4, 5).Weight("w", 4, 6).Node("Transpose", "x", "t").Node("MatMul", "t w", "y").Output("y"), "MatMul Transpose");

    [Theory]
    [InlineData(20, "Gelu")]
    [InlineData(17, "Add Div Erf Mul*2")]
    public void The_error_function_of_gelu_is_one_operator(long opset, string left) => Optimized.Becomes(Gelu(opset, "x", "y"), left);

    [Theory]
    [InlineData("x half", "a s")]
    [InlineData("half s", "x a")]
    [InlineData("s x", "half a")]
    public void Its_factors_stand_in_any_order(string first, string second) =>
        Optimized.Becomes(
            new Net(20)
                .Input("x", 2, 8)
                .Constant("half", [], 0.5f)
                .Constant("one", [], 1f)
                .Constant("root", [1], MathF.Sqrt(0.5f))
                .Node("Mul", "root x", "d")
                .Node("Erf", "d", "e")
                .Node("Add", "one e", "s")
                .Node("Mul", first, "a")
                .Node("Mul", second, "y")
                .Output("y"),
            "Gelu"
        );

    [Fact]
    public void Another_function_is_not_gelu() =>
        Optimized.Becomes(
            new Net(20)
                .Input("x", 2, 8)
                .Constant("half", [], 0.5f)
                .Constant("one", [], 1f)
                .Node("Erf", "x", "e")
                .Node("Add", "e one", "s")
                .Node("Mul", "x s", "m")
                .Node("Mul", "m half", "y")
                .Output("y"),
            "Add Erf Mul*2"
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_approximation_is_one_operator(bool power)
    {
        var net = new Net(20)
            .Input("x", 2, 8)
            .Constant("half", [], 0.5f)
            .Constant("one", [], 1f)
            .Constant("three", [], 3f)
            .Constant("c", [], 0.044715f)
            .Constant("f", [], 0.7978846f);
        net = power
            ? net.Node("Pow", "x three", "p").Node("Mul", "p c", "q").Node("Add", "x q", "r").Node("Mul", "r f", "u")
            : net.Node("Mul", "x c", "p").Node("Mul", "p x", "q").Node("Add", "one q", "r").Node("Mul", "x f", "v").Node("Mul", "v r", "u");
        Optimized.Becomes(net.Node("Tanh", "u", "t").Node("Add", "t one", "s").Node("Mul", "x s", "m").Node("Mul", "m half", "y").Output("y"), "Gelu");
    }

    [Fact]
    public void ONNX_Runtime_puts_the_bias_into_gelu_all_the_same()
    {
        var net = new Net(20).OpenInput("x", "batch", "time", "4").Weight("w", 4, 8).Weight("b", 8).Node("MatMul", "x w", "m").Node("Add", "m b", "h");

        var optimized = Steps.Run(Gelu(net, "h", "y").Build(), "optimize");

        Assert.Equal("Add Gelu MatMul", Steps.Operators(optimized));
        Assert.Equal("BiasGelu MatMul", Steps.Operators(Ort.Optimized(optimized)));
    }

    [Theory]
    [InlineData(17, -1L, "LayerNormalization")]
    [InlineData(17, 2L, "LayerNormalization")]
    [InlineData(17, 1L, "Add*2 Div Mul Pow ReduceMean*2 Sqrt Sub")]
    [InlineData(16, -1L, "Add*2 Div Mul Pow ReduceMean*2 Sqrt Sub")]
    public void Normalization_written_out_is_one_operator(long opset, long axis, string left) =>
        Optimized.Becomes(
            new Net(opset)
                .Input("x", 2, 8, 8)
                .Constant("two", [], 2f)
                .Constant("eps", [], 1e-5f)
                .Weight("scale", 8)
                .Weight("shift", 8)
                .Node("ReduceMean", "x", "mean", ("axes", new[] { axis }))
                .Node("Sub", "x mean", "d")
                .Node("Pow", "d two", "sq")
                .Node("ReduceMean", "sq", "var", ("axes", new[] { axis }))
                .Node("Add", "var eps", "v")
                .Node("Sqrt", "v", "sd")
                .Node("Div", "d sd", "n")
                .Node("Mul", "n scale", "m")
                .Node("Add", "m shift", "y")
                .Output("y"),
            left
        );

    private static Net Apply(Net net, string op, string value, long[] shape)
    {
        var numbers = Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: 9).Select(number => number + 1.5f);
        return net.Constant("k", shape, [.. numbers]).Node(op, $"{value} k", "y").Output("y");
    }

    private static Net Gelu(long opset, string input, string output) => Gelu(new Net(opset).Input(input, 2, 8), input, output);

    private static Net Gelu(Net net, string input, string output) =>
        net.Constant("half", [], 0.5f)
            .Constant("one", [], 1f)
            .Constant("root", [], MathF.Sqrt(2))
            .Node("Div", $"{input} root", "d")
            .Node("Erf", "d", "e")
            .Node("Add", "e one", "s")
            .Node("Mul", $"{input} s", "ms")
            .Node("Mul", "ms half", output)
            .Output(output);
}
