using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Blocks;

public sealed class DequantizedProductTests
{
    public static TheoryData<bool, int, bool> Forms { get; } =
    [.. from isInt4 in new[] { true, false } from size in new[] { 16, 32, 256 } from symmetric in new[] { true, false } select (isInt4, size, symmetric)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void It_is_fused_into_one_operator(bool isInt4, int size, bool symmetric)
    {
        // 70 inputs are not a whole number of blocks, and 45 outputs give rows of odd length.
        var model = new Net().Input("x", 5, 70).Weight("w", 70, 45).Node("MatMul", "x w", "y").Output("y").Build();
        var recipe = $"{(isInt4 ? "int4(last-layer-bits=4, " : "int8-blocks(")}format=qdq, block-size={size}, symmetric={(symmetric ? "true" : "false")})";

        var (quantized, layers) = MatMulNBitsTests.RunPass(model, recipe);

        Assert.Equal("DequantizeLinear MatMul", Steps.Operators(quantized));
        Assert.Equal("MatMulNBits", Steps.Operators(Ort.Optimized(quantized)));
        Assert.Equal((21, 0), (quantized.Opset(), quantized.Opset("com.microsoft")));
        var layer = Assert.Single(layers.All);
        Assert.InRange(Ort.Sqnr(MatMulNBitsTests.Expected(layer, 5), Ort.Run(quantized)["y"]), 30, double.PositiveInfinity);
        MatMulNBitsTests.TurnCodes(layer);
        layer.Write();
        Assert.InRange(Ort.Sqnr(MatMulNBitsTests.Expected(layer, 5), Ort.Run(quantized)["y"]), 30, double.PositiveInfinity);
    }

    [Fact]
    public void A_Gemm_becomes_a_product_and_its_bias_is_fused_too()
    {
        var model = new Net()
            .Input("x", 5, 64)
            .Weight("w", 48, 64)
            .Weight("b", 48)
            .Node("Gemm", "x w b", "y", ("transB", 1), ("beta", 0.5f), ("alpha", 2f))
            .Output("y")
            .Build();

        var quantized = Steps.Run(model, "int4(format=qdq)");

        Assert.Equal("Add DequantizeLinear MatMul", Steps.Operators(quantized));
        Assert.Equal("MatMulNBits", Steps.Operators(Ort.Optimized(quantized)));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(quantized)), 35, double.PositiveInfinity);
    }

    [Fact]
    public void Weights_that_layers_share_are_stored_since_nothing_would_fuse_them()
    {
        var model = new Net()
            .Input("x", 5, 64)
            .Weight("w", 64, 64)
            .Weight("b", 64)
            .Node("Gemm", "x w b", "h", ("beta", 0.5f))
            .Node("MatMul", "h w", "y")
            .Output("y")
            .Build();

        var quantized = Steps.Run(model, "int4(format=qdq, last-layer-bits=4)");

        Assert.Single(quantized.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Uint4 && tensor.ElementCount() == 64 * 64);
        Assert.Equal("Gemm MatMul", Steps.Operators(Ort.Optimized(quantized)));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(quantized)), 15, double.PositiveInfinity);
    }

    [Fact]
    public void A_model_that_cannot_be_lifted_stays_as_it_is_or_is_stored()
    {
        var model = new Net(opset: 11).Input("x", 5, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y").Build();

        var quantized = Steps.Run(model, "int4(format=qdq, last-layer-bits=4, storage=none)", out var report);

        Assert.Equal("MatMul", Steps.Operators(quantized));
        Assert.Contains("opset is 11", Assert.Single(report.Skipped).Why, StringComparison.Ordinal);
        Assert.Equal("MatMul", Steps.Operators(Ort.Optimized(Steps.Run(model, "int4(format=qdq)"))));
    }
}
