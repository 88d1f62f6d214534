using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Blocks;

public sealed class BlockStorageTests
{
    public static TheoryData<string, string> Forms { get; } =
    [
        .. from kind in Layers.Kinds.Select(row => row.Data)
        where kind != "Gemm small"
        from options in new[] { "", ", symmetric=true", ", storage=channel", ", method=rtn, balanced=false, block-size=16" }
        select (kind, options),
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Weights_are_stored_in_4_bits_and_are_float_again_when_loaded(string kind, string options)
    {
        var layer = Layers.Make(kind);
        var model = layer.Net.Build();

        var (stored, layers) = MatMulNBitsTests.RunPass(model, $"int4(format=stored, last-layer-bits=4{options})");

        Assert.Equal(21, stored.Opset());
        Assert.All(layer.Scales, weight => Assert.Contains(new Graph(stored).Producer(weight.Weight)!.OpType, new[] { "Mul", "Reshape" }));
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), 13, 40);
        Assert.Equal(Steps.Operators(Ort.Optimized(model)), Steps.Operators(Ort.Optimized(stored)));
        Assert.DoesNotContain(Ort.Optimized(stored).Proto.Initializer, tensor => (DataType)tensor.DataType is not (DataType.Float or DataType.Int64));
        if (layers.All.Count == 0 || kind == "MatMul of many")
            return;
        // The weights that ONNX Runtime computes are those that the codes represent.
        var quantized = Assert.Single(layers.All);
        var made = WeightLayout.Of(quantized.Source, new Graph(model).Constant("w")).ToRows<float>(Made(stored, "w"));
        var codes = quantized.Encoded.Read(0, quantized.Outputs);
        for (var n = 0; n < quantized.Outputs; n++)
        for (var k = 0; k < quantized.Inputs; k++)
            Assert.Equal((float)quantized.Encoded.Grid.Value(n, k, codes[n * quantized.Inputs + k]), made[n * quantized.Inputs + k], 1e-5f);
    }

    [Theory]
    [InlineData("Conv", true)]
    [InlineData("Conv of groups", true)]
    [InlineData("ConvTranspose", true)]
    [InlineData("Gemm", true)]
    [InlineData("Gemm turned", true)]
    [InlineData("MatMul", false)]
    [InlineData("MatMul", false, 12L)]
    [InlineData("Conv", true, 11L)]
    public void Other_codes_can_be_written(string kind, bool hasBias, long? opset = null)
    {
        var model = Layers.Make(kind).Net.Build();
        model.Proto.OpsetImport[0].Version = opset ?? model.Opset();
        var (stored, layers) = MatMulNBitsTests.RunPass(model, "int4(format=stored, last-layer-bits=4)");
        var layer = Assert.Single(layers.All);
        Assert.Equal(kind == "Conv of groups" ? 4 : 1, layer.Groups);
        var before = Run(stored)["y"];

        // The change doubles the weights by scales that float16 cannot represent. It also doubles the bias and adds 1 to it.
        var grid = layer.Encoded.Grid;
        layer.Encoded = layer.Encoded with { Grid = grid with { Scales = [.. grid.Scales.Select(scale => scale * 2.0001f)] } };
        Assert.Equal(hasBias, layer.Bias is not null);
        var bias = layer.Bias ?? [];
        layer.Bias = [.. bias.Select(value => 2 * value + 1)];
        if (!hasBias)
            layer.Bias = null;
        layer.Write();

        Assert.InRange(Ort.Sqnr([.. before.Select(value => 2.0002f * value + (hasBias ? 1 : 0))], Run(stored)["y"]), 55, double.PositiveInfinity);
    }

    [Fact]
    public void Weights_of_branches_are_stored_once()
    {
        var then = new Net()
            .ConstantNode("w1", Net.Tensor([40, 40], Noise.Floats(1600)))
            .Node("MatMul", "x w1", "m1")
            .Node("MatMul", "m1 outer", "t")
            .Output("t");
        var otherwise = new Net().Weight("w2", 40, 40).Node("MatMul", "x w2", "m2").Node("MatMul", "m2 outer", "e").Output("e");
        var model = new Net().Input("x", 3, 40).Input("c", DataType.Bool).Weight("outer", 40, 40).If("c", "y", then, otherwise).Output("y").Build();

        var stored = Steps.Run(model, "int4(format=stored)", out var report);

        Assert.Equal(3, Assert.Single(report.Changes).Value);
        foreach (var condition in new[] { true, false })
            Assert.InRange(Ort.Sqnr(Run(model, condition), Run(stored, condition)), 15, double.PositiveInfinity);
        Assert.Equal(Steps.Operators(Ort.Optimized(Steps.Run(model, "optimize"))), Steps.Operators(Ort.Optimized(stored)));
    }

    [Fact]
    public void What_must_stay_or_would_not_gain_is_reported()
    {
        var model = new Net()
            .Input("x", 5, 40)
            .Weight("given", 40, 40)
            .Weight("kept.w", 40, 40)
            .Weight("small", 40, 2)
            .Constant("nan", [40, 40], [float.NaN, .. Noise.Floats(1599)])
            .Node("MatMul", "x given", "1")
            .Node("MatMul", "x kept.w", "2")
            .Node("MatMul", "x small", "3")
            .Node("MatMul", "x nan", "4")
            .Output("given", "1", "2", "3", "4")
            .Build();

        var stored = Steps.Run(model, "int4(format=stored, exclude=kept.*)", out var report);

        Assert.Equal(
            ["it is an output of the model", "the recipe excludes it", "it is too small to save anything", "it holds values that are not finite"],
            report.Skipped.Select(left => left.Why)
        );
        // The step stores no weights, so that it does not change the opset.
        Assert.Equal(17, stored.Opset());
    }

    [Theory]
    [InlineData(8, "")]
    [InlineData(12, ", symmetric=true")]
    [InlineData(12, ", storage=channel")]
    public void A_model_that_cannot_be_lifted_holds_two_codes_in_a_byte(long opset, string options)
    {
        var model = new Net(opset)
            .Input("x", 6, 2, 24)
            .Weight("w", 1, 180, 24)
            .Weight("r", 1, 180, 60)
            .Weight("odd", 1, 1, 45, 45)
            .Input("i", 1, 1, 50, 50)
            .Node("GRU", "x w r", "y", ("hidden_size", 60))
            .Node("Conv", "i odd", "z")
            .Output("y", "z")
            .Build();

        var (stored, layers) = MatMulNBitsTests.RunPass(model, $"int4(format=stored{options})");

        Assert.Equal(opset, stored.Opset());
        Assert.Equal(180 * 84 / 2, stored.Proto.Graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Uint8).Sum(tensor => tensor.RawData.Length));
        Assert.Empty(layers.All);
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), 13, 40);
        Assert.Equal(Steps.Operators(Ort.Optimized(model)), Steps.Operators(Ort.Optimized(stored)));
    }

    [Fact]
    public void Eight_bits_need_no_newer_operator_set()
    {
        var model = new Net(opset: 11).Input("x", 1, 8, 9, 9).Weight("w", 16, 8, 3, 3).Node("Conv", "x w", "y").Output("y").Build();

        var stored = Steps.Run(model, "int8-blocks");

        Assert.Equal(11, stored.Opset());
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), 38, double.PositiveInfinity);
        // Whether ONNX Runtime changes the layout depends on the width of the processor's vectors.
        Assert.Equal(
            "Conv",
            Steps
                .Operators(Ort.Optimized(stored))
                .Replace(" ReorderInput", "", StringComparison.Ordinal)
                .Replace(" ReorderOutput", "", StringComparison.Ordinal)
        );
    }

    // The method returns the weight that its layer reads.
    private static float[] Made(OnnxModel model, string weight)
    {
        var copy = model.Clone();
        copy.Proto.Graph.Output.Add(new ValueInfoProto { Name = weight });
        return Run(copy)[weight];
    }

    private static IReadOnlyDictionary<string, float[]> Run(OnnxModel model, bool condition = true)
    {
        using var ids = OrtValue.CreateTensorValueFromMemory([0L, 7, 3], [3]);
        using var c = OrtValue.CreateTensorValueFromMemory([condition], []);
        return Ort.Run(model, ("ids", ids), ("c", c));
    }
}
