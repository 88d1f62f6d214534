using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Blocks;

public sealed class EmbeddingTests
{
    [Theory]
    [InlineData("int4", 64, 19)]
    [InlineData("int4", 70, 19)]
    [InlineData("int4(symmetric=true, method=rtn)", 70, 17)]
    [InlineData("int4(block-size=128)", 40, 17)]
    [InlineData("int8-blocks", 70, 40)]
    [InlineData("int8-blocks(symmetric=false)", 70, 40)]
    public void A_table_becomes_one_operator(string recipe, int columns, double decibels)
    {
        var model = new Net().Input("ids", DataType.Int64, 3).Weight("w", 60, columns).Node("Gather", "w ids", "y").Output("y").Build();

        var quantized = Steps.Run(model, recipe);

        Assert.Equal("GatherBlockQuantized", Steps.Operators(Ort.Optimized(quantized)));
        Assert.InRange(Ort.Sqnr(Run(model), Run(quantized)), decibels, 70);
        Assert.Equal(17, quantized.Opset());
    }

    [Theory]
    [InlineData("int4", true)]
    [InlineData("int4", false)]
    [InlineData("int4(last-layer-bits=4)", true)]
    [InlineData("int8-blocks(block-size=32)", false)]
    public void A_table_that_the_last_layer_multiplies_is_stored_once(string recipe, bool isGemm)
    {
        var net = new Net().Input("ids", DataType.Int64, 3).Weight("w", 60, 64).Node("Gather", "w ids", "e").Node("Tanh", "e", "h");
        var model = (
            isGemm ? net.Node("Gemm", "h w", "y", ("transB", 1)) : net.Node("Transpose", "w", "t", ("perm", new[] { 1, 0 })).Node("MatMul", "h t", "y")
        )
            .Output("y")
            .Build();

        var quantized = Steps.Run(model, recipe);

        Assert.Equal("GatherBlockQuantized MatMulNBits Reshape Tanh", Steps.Operators(quantized));
        Assert.Single(quantized.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Uint8 && tensor.ElementCount() > 500);
        Assert.DoesNotContain(quantized.Proto.Graph.Initializer, tensor => tensor.Name == "w");
        Assert.InRange(Ort.Sqnr(Run(model), Run(quantized)), 16, double.PositiveInfinity);
    }

    [Fact]
    public void A_table_that_others_read_too_is_stored_for_all()
    {
        var model = new Net()
            .Input("ids", DataType.Int64, 3)
            .Input("x", 3, 64)
            .Weight("w", 60, 64)
            .Node("Gather", "w ids", "e")
            .Node("Transpose", "w", "t")
            .Node("Relu", "t", "r")
            .Node("MatMul", "x r", "y")
            .Output("y", "e")
            .Build();

        var quantized = Steps.Run(model, "int4");

        Assert.Contains("Gather ", Steps.Operators(quantized), StringComparison.Ordinal);
        Assert.DoesNotContain(quantized.Proto.Graph.Initializer, tensor => tensor.Name == "w");
        Assert.InRange(Ort.Sqnr(Run(model), Run(quantized)), 15, double.PositiveInfinity);
    }

    [Fact]
    public void Indices_from_the_end_are_found_and_columns_are_stored()
    {
        var model = new Net()
            .Input("ids", DataType.Int64, 3)
            .Weight("w", 60, 64)
            .Weight("v", 64, 60)
            .Node("Neg", "ids", "back")
            .Constant("one", [], 1L)
            .Node("Sub", "back one", "last")
            .Node("Gather", "w last", "y")
            .Node("Gather", "v ids", "z", ("axis", 1))
            .Output("y", "z")
            .Build();

        var quantized = Steps.Run(model, "int4");

        Assert.Contains("GatherBlockQuantized", Steps.Operators(quantized), StringComparison.Ordinal);
        Assert.Single(quantized.Proto.Graph.Node, node => node.OpType == "Gather");
        Assert.InRange(Ort.Sqnr(Run(model), Run(quantized)), 17, double.PositiveInfinity);
    }

    private static IReadOnlyDictionary<string, float[]> Run(OnnxModel model)
    {
        using var ids = OrtValue.CreateTensorValueFromMemory([0L, 7, 3], [3]);
        return Ort.Run(model, ("ids", ids));
    }
}
