using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Blocks;

public sealed class MatMulNBitsTests
{
    // The last layer has the bits of the step, because the product that is tested is the last layer.
    private const string Int4 = "int4(last-layer-bits=4, storage=none)";

    public static TheoryData<bool, int, bool, bool> Forms { get; } =
    [
        .. from isInt4 in new[] { true, false }
        from size in new[] { 16, 32, 64, 128, 256 }
        from symmetric in new[] { true, false }
        from turned in new[] { true, false }
        select (isInt4, size, symmetric, turned),
    ];

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Forms))]
    public void What_ONNX_Runtime_multiplies_is_what_the_codes_say(bool isInt4, int size, bool symmetric, bool turned)
    {
        // 70 inputs do not fill a whole number of blocks.
        var model = turned
            ? new Net().Input("x", 5, 70).Weight("w", 48, 70).Node("Gemm", "x w", "y", ("transB", 1)).Output("y").Build()
            : new Net().Input("x", 5, 70).Weight("w", 70, 48).Node("MatMul", "x w", "y").Output("y").Build();
        var options = $"block-size={size}, symmetric={(symmetric ? "true" : "false")}, accuracy-level=0, storage=none";
        var (quantized, layers) = RunPass(model, isInt4 ? $"int4({options}, last-layer-bits=4)" : $"int8-blocks({options})");

        var layer = Assert.Single(layers.All);
        Assert.Equal((48, 70, 1, "x"), (layer.Outputs, layer.Inputs, layer.Groups, layer.Input));
        Assert.Equal("MatMulNBits", Steps.Operators(Ort.Optimized(quantized)));
        Assert.InRange(Ort.Sqnr(Expected(layer, 5), Ort.Run(quantized)["y"]), 100, double.PositiveInfinity);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(quantized)), isInt4 ? 17 : 40, double.PositiveInfinity);
        Assert.Equal(quantized.ToBytes(), RunPass(model, isInt4 ? $"int4({options}, last-layer-bits=4)" : $"int8-blocks({options})").Model.ToBytes());
    }

    [Theory]
    [InlineData(Int4, 30)]
    [InlineData("int8-blocks(storage=none)", 30)]
    public void Activations_are_multiplied_in_int8_by_default(string recipe, double decibels)
    {
        var model = new Net().Input("x", 5, 70).Weight("w", 70, 48).Node("MatMul", "x w", "y").Output("y").Build();
        var (quantized, layers) = RunPass(model, recipe);

        Assert.Equal(4, quantized.Proto.Graph.Node[0].GetInt("accuracy_level"));
        Assert.InRange(Ort.Sqnr(Expected(layers.All[0], 5), Ort.Run(quantized)["y"]), decibels, 90);
    }

    [Theory]
    [InlineData(new long[] { 64 })]
    [InlineData(new long[] { 5, 64 })]
    [InlineData(new long[] { 2, 3, 5, 64 })]
    public void Inputs_of_any_rank_are_multiplied(long[] input) =>
        Becomes(new Net().Input("x", input).Weight("w", 64, 48).Node("MatMul", "x w", "y").Output("y"), "MatMulNBits");

    [Theory]
    [InlineData(1f, 1f, new long[] { 48 }, "MatMulNBits")]
    [InlineData(-2f, 0.5f, new long[] { 48 }, "MatMulNBits")]
    [InlineData(1f, 0f, new long[] { 48 }, "MatMulNBits")]
    [InlineData(1f, 2f, new long[] { }, "MatMulNBits")]
    [InlineData(1f, 1f, new long[] { 1, 48 }, "MatMulNBits")]
    [InlineData(1f, 0.5f, new long[] { 5, 48 }, "Add MatMulNBits")]
    [InlineData(1f, 1f, new long[] { 5, 1 }, "Add MatMulNBits")]
    public void The_constants_of_a_Gemm_go_into_the_operator(float alpha, float beta, long[] bias, string operators)
    {
        foreach (var turned in new[] { 0, 1 })
            Becomes(
                new Net()
                    .Input("x", 5, 64)
                    .Weight("w", turned == 1 ? [48, 64] : [64, 48])
                    .Weight("b", bias)
                    .Node("Gemm", "x w b", "y", ("transB", turned), ("alpha", alpha), ("beta", beta))
                    .Output("y"),
                operators
            );
    }

    [Fact]
    public void A_computed_bias_is_added() =>
        Becomes(new Net().Input("x", 5, 64).Input("b", 48).Weight("w", 64, 48).Node("Gemm", "x w b", "y", ("beta", 0.5f)).Output("y"), "MatMulNBits Mul");

    [Fact]
    public void Layers_that_share_weights_share_the_packed_ones_and_are_solved_by_nobody()
    {
        var net = new Net()
            .Input("x", 5, 64)
            .Input("c", DataType.Bool)
            .Weight("w", 64, 64)
            .If(
                "c",
                "h",
                new Net().Node("MatMul", "x w", "m1").Node("Neg", "m1", "t").Output("t"),
                new Net().Node("MatMul", "x w", "m2").Node("Abs", "m2", "e").Output("e")
            )
            .Node("MatMul", "h w", "y")
            .Output("y");
        var (quantized, layers) = RunPass(net.Build(), Int4);

        Assert.Equal("Abs If MatMulNBits*3 Neg", Steps.Operators(quantized));
        Assert.Single(quantized.Tensors(), tensor => tensor.DataType == (int)DataType.Uint8 && tensor.Dims.Count == 3);
        Assert.DoesNotContain(quantized.Tensors(), tensor => tensor.Name == "w");
        Assert.Empty(layers.All);
    }

    [Fact]
    public void The_last_layer_keeps_8_bits()
    {
        var net = new Net()
            .Input("x", 5, 64)
            .Weight("a", 64, 64)
            .Weight("b", 64, 64)
            .Weight("c", 64, 64)
            .Weight("bias", 64)
            .Node("MatMul", "x a", "1")
            .Node("Relu", "1", "2")
            .Node("MatMul", "2 b", "3")
            .Node("Add", "3 bias", "4")
            .Node("Softmax", "4", "y")
            .Node("Gemm", "2 c", "z")
            .Output("y", "z");

        var quantized = Steps.Run(net.Build(), "int4");

        Assert.Equal([4, 8, 8], quantized.Proto.Graph.Node.Where(node => node.OpType == "MatMulNBits").Select(node => node.GetInt("bits")));
    }

    [Fact]
    public void What_is_excluded_or_no_product_of_weights_stays()
    {
        var net = new Net()
            .Input("x", 5, 64)
            .Input("batch", 2, 5, 64)
            .Weight("small", 64, 8)
            .Weight("cubes", 2, 64, 64)
            .Weight("left", 64, 5)
            .Weight("named", 64, 64)
            .Weight("given", 64, 64)
            .Constant("nan", [64, 64], [float.NaN, .. Noise.Floats(4095)])
            .Node("MatMul", "x small", "1")
            .Node("MatMul", "batch cubes", "2")
            .Node("MatMul", "left x", "3")
            .Node("MatMul", "x named", "4")
            .Node("MatMul", "x given", "5")
            .Node("MatMul", "x nan", "6")
            .Output("given", "1", "2", "3", "4", "5", "6");

        var quantized = Steps.Run(net.Build(), "int4(storage=none, exclude=nam*)", out var report);

        Assert.Equal("MatMul*6", Steps.Operators(quantized));
        Assert.Equal(
            [
                "it is too small to save anything",
                "its weights have 3 dimensions, not 2",
                "its second operand is not constant",
                "the recipe excludes it",
                "its weights are an output of the model",
                "it holds values that are not finite",
            ],
            report.Skipped.Select(left => left.Why)
        );
        Assert.Equal(0, quantized.Opset("com.microsoft"));
    }

    [Theory]
    [InlineData("int4(block-size=48)")]
    [InlineData("int4(last-layer-bits=6)")]
    [InlineData("int8-blocks(accuracy-level=5)")]
    [InlineData("int4(method=best)")]
    public void Options_that_do_not_exist_are_refused(string recipe)
    {
        var model = new Net().Input("x", 5, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y").Build();

        Assert.Equal("MB1005", Assert.Throws<CompressionException>(() => Steps.Run(model, recipe)).Code);
    }

    [Theory]
    [InlineData(Int4)]
    [InlineData("int4(last-layer-bits=4, symmetric=true)")]
    [InlineData("int8-blocks")]
    public void Other_codes_can_be_written(string recipe)
    {
        var model = new Net().Input("x", 5, 70).Weight("w", 70, 48).Node("MatMul", "x w", "y").Output("y").Build();
        var (quantized, layers) = RunPass(model, recipe);
        var layer = layers.All[0];
        // The test reverses the codes of all weights, changes the scale, and adds a bias that did not exist.
        TurnCodes(layer);
        var grid = layer.Encoded.Grid;
        layer.Encoded = layer.Encoded with
        {
            Grid = grid with { Scales = [.. grid.Scales.Select(scale => scale * 1.5f)], ZeroPoints = grid.ZeroPoints?.Select(point => 15 - point).ToArray() },
        };
        layer.Bias = Noise.Floats(48);

        layer.Write();
        layer.Write();

        Assert.InRange(Ort.Sqnr(Expected(layer, 5), Ort.Run(quantized)["y"]), 35, double.PositiveInfinity);
    }

    internal static (OnnxModel Model, QuantizedLayers Layers) RunPass(OnnxModel model, string recipe)
    {
        var copy = model.Clone();
        var step = RecipeParser.Parse(recipe).Steps[0];
        var context = new PassContext(copy, new PassReport(), CancellationToken.None);
        step.Definition.CreatePass(step.Options).Run(context);
        new GraphEdits.DeadCodeElimination().Apply(new Graph(copy), CancellationToken.None);
        return (copy, context.Layers);
    }

    // The method replaces each code by the one that has the same distance from the other end of the range.
    internal static void TurnCodes(QuantizedLayer layer)
    {
        var grid = layer.Encoded.Grid;
        layer.Encoded.Set(0, Array.ConvertAll(layer.Encoded.Read(0, layer.Outputs), code => grid.MaxCode + grid.MinCode - code));
    }

    // The method returns the product of the input that Ort.Run makes and the weights that the layer's codes represent.
    internal static float[] Expected(QuantizedLayer layer, int rows)
    {
        var x = Noise.Floats(rows * layer.Inputs, seed: 100);
        var y = new float[rows * layer.Outputs];
        var codes = layer.Encoded.Read(0, layer.Outputs);
        for (var row = 0; row < rows; row++)
        for (var n = 0; n < layer.Outputs; n++)
            y[row * layer.Outputs + n] = (float)(
                (layer.Bias?[n] ?? 0)
                + Enumerable.Range(0, layer.Inputs).Sum(k => x[row * layer.Inputs + k] * layer.Encoded.Grid.Value(n, k, codes[n * layer.Inputs + k]))
            );
        return y;
    }

    private static void Becomes(Net net, string operators)
    {
        var model = net.Build();
        var quantized = Steps.Run(model, "int8-blocks(storage=none, block-size=32)");
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(quantized)), 33, double.PositiveInfinity);
        Assert.Equal(operators, Steps.Operators(Ort.Optimized(quantized)));
    }
}
