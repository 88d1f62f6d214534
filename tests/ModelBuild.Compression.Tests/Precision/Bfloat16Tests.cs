using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Tests the step bfloat16, whose results no processor runs.</summary>
public sealed class Bfloat16Tests
{
    [Fact]
    public void A_transformer_computes_in_bfloat16_and_answers_as_it_rounds()
    {
        var model = Attention(opset: 17);

        var narrow = Narrow.Run(model, "bfloat16", out var report);

        Assert.Equal(["x Bfloat16", "y_bfloat16 Float"], Narrow.Casts(narrow));
        Assert.Empty(report.Skipped);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(Narrow.Rounded(narrow))), 30, 60);
    }

    [Fact]
    public void ONNX_Runtime_has_no_kernels_for_it_on_the_processor()
    {
        var narrow = Narrow.Run(Attention(opset: 17), "bfloat16", out _);

        // If the assertion fails, verification can run bfloat16 models as they are.
        Assert.Contains("NotImplemented", Assert.Throws<OnnxRuntimeException>(() => Ort.Run(narrow)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_processor_as_target_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<CompressionException>(() => Narrow.Run(Attention(opset: 17), "bfloat16", out _, target: "cpu-x64"));

        Assert.Equal(Codes.UnknownOption, error.Code);
        Assert.Contains("Providers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_opset_is_raised_where_operators_take_it_only_later()
    {
        var narrow = Narrow.Run(Attention(opset: 13), "bfloat16", out var report);

        Assert.Equal(21, narrow.Opset());
        Assert.Equal(1, report.Changes["opset raised to 21"]);
        Assert.Equal(["x Bfloat16", "y_bfloat16 Float"], Narrow.Casts(narrow));
    }

    [Fact]
    public void Convolutions_wait_for_opset_22()
    {
        Net Convolution(long opset) =>
            new Net(opset, 10).Input("x", 1, 2, 4, 4).Weight("k", 2, 2, 3, 3).Node("Conv", "x k", "y").Output("y", DataType.Float, 1, 2, 2, 2);

        var old = Narrow.Run(Convolution(17).Build(), "bfloat16", out var report);
        var recent = Narrow.Run(Convolution(22).Build(), "bfloat16", out _);

        Assert.Equal("Conv supports bfloat16 from opset 22, and the model's opset is 17", Narrow.WhyNot(report, "Conv_y"));
        Assert.Equal(17, old.Opset());
        Assert.Equal(["x Bfloat16", "y_bfloat16 Float"], Narrow.Casts(recent));
        Assert.InRange(Ort.Sqnr(Ort.Run(Convolution(22).Build()), Ort.Run(Narrow.Rounded(recent))), 30, 60);
    }

    // LeakyRelu accepts bfloat16 from opset 16 on.
    private static Onnx.OnnxModel Attention(long opset) =>
        new Net(opset)
            .Input("x", 3, 8)
            .Weight("q", 8, 8)
            .Weight("v", 8, 8)
            .Node("MatMul", "x q", "a")
            .Node("Transpose", "x", "t", ("perm", new long[] { 1, 0 }))
            .Node("MatMul", "a t", "s")
            .Node("Softmax", "s", "p")
            .Node("MatMul", "p x", "b")
            .Node("LeakyRelu", "b", "g")
            .Node("MatMul", "g v", "y")
            .Output("y", DataType.Float, 3, 8)
            .Build();
}
