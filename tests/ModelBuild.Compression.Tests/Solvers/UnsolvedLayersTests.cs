using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class UnsolvedLayersTests
{
    public static TheoryData<string, string> Products()
    {
        var products = new TheoryData<string, string>();
        foreach (var quantizer in new[] { "int8(min-max, everywhere=true)", "int8(mse)", "int8-weights", "int8-blocks", "int4", "int8-dynamic" })
        foreach (var layer in new[] { "Conv", "MatMul", "Gemm" })
            products.Add(quantizer, layer);
        return products;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Products))]
    public void No_layer_is_both_solved_and_left_alone(string quantizer, string layer)
    {
        var model = Model(layer);

        Steps.Run(model, $"{quantizer} gptq", Int8Run.Samples(model), out var report);

        var solved = report.Changes.GetValueOrDefault("layers solved");
        var unsolved = report.Skipped.Count(left => left.Why.StartsWith("no step before this one", StringComparison.Ordinal));
        var plain = report.Skipped.Count(left => left.Why.EndsWith("has a smaller error on held-out rows", StringComparison.Ordinal));
        if (report.Skipped.Any(left => left.What == "all layers"))
            Assert.Equal((0, 0, 0), (solved, plain, report.Skipped.Count(left => left.What == layer)));
        else
            Assert.Equal(2, solved + unsolved + plain);
    }

    private static OnnxModel Model(string layer) =>
        layer switch
        {
            "Conv" => new Net()
                .Input("x", 1, 16, 12, 12)
                .Weight("w", 32, 16, 3, 3)
                .Weight("v", 32, 32, 3, 3)
                .Node("Conv", "x w", "a")
                .Node("Relu", "a", "b")
                .Node("Conv", "b v", "y")
                .Output("y", TensorProto.Types.DataType.Float, 1, 32, 8, 8)
                .Build(),
            _ => new Net()
                .Input("x", 64, 128)
                .Weight("w", 128, 128)
                .Weight("v", 128, 128)
                .Node(layer, "x w", "a")
                .Node("Relu", "a", "b")
                .Node(layer, "b v", "y")
                .Output("y", TensorProto.Types.DataType.Float, 64, 128)
                .Build(),
        };
}
