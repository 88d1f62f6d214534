using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization;

/// <summary>Tests the metadata by which int8 models run correctly on x64 processors without VNNI.</summary>
public sealed class IntegerArithmeticTests
{
    [Theory]
    [InlineData("int8-dynamic", "u8s8")]
    [InlineData("int8-weights", null)]
    public void Models_that_multiply_signed_weights_say_so(string recipe, string? said)
    {
        var model = Steps.Run(Product().Build(), recipe);

        IntegerArithmetic.Describe(model);

        Assert.Equal(said, model.GetMetadata(IntegerProducts.ArithmeticKey));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_option_would_break_says_nothing_and_no_longer_what_it_said(bool isShared)
    {
        var model = Steps.Run(Product().Build(), "int8-dynamic");
        IntegerArithmetic.Describe(model);
        var product = model.Proto.Graph.Node.Single(node => node.OpType == "MatMulInteger");
        if (isShared)
            model.Proto.Graph.Node.Add(Nodes.Create("MatMulInteger", product.Input, ["again"]));
        else
            product.Input.RemoveAt(3);

        IntegerArithmetic.Describe(model);

        Assert.Null(model.GetMetadata(IntegerProducts.ArithmeticKey));
    }

    [Theory]
    [InlineData("DynamicQuantizeMatMul", new[] { "w" })]
    [InlineData("MatMulIntegerToFloat", new[] { "w", "v" })]
    [InlineData("QAttention", new[] { "a" })]
    [InlineData("DynamicQuantizeLSTM", new[] { "l" })]
    public void Every_form_bears_the_option_for_processors_without_VNNI(string form, string[] layers)
    {
        var net = new Net()
            .Input("x", 2, 7, 64)
            .Weight("w", 64, 48)
            .Weight("v", 64, 48)
            .Weight("wa", 64, 192)
            .Weight("ba", 192)
            .Weight("wl", 1, 128, 64)
            .Weight("rl", 1, 128, 32);
        foreach (var layer in layers)
            _ = layer switch
            {
                "a" => net.Add(Nodes.Create("Attention", ["x", "wa", "ba"], ["a"], domain: "com.microsoft", attributes: ("num_heads", 4L))),
                "l" => net.Node("LSTM", "x wl rl", "l", ("hidden_size", 32)),
                _ => net.Node("MatMul", $"x {layer}", $"{layer}_out"),
            };
        var model = net.Output([.. layers.Select(layer => layer is "a" or "l" ? layer : $"{layer}_out")]).Build();
        model.ImportOpset("com.microsoft", 1);
        var quantized = Steps.Run(model, "int8-dynamic");

        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        options.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");

        Assert.Contains(form, Steps.Operators(Ort.Optimized(quantized)), StringComparison.Ordinal);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(quantized, options)), 33, double.PositiveInfinity);
    }

    [Fact]
    public void What_is_compressed_says_it()
    {
        using var folder = new TemporaryFolder();
        var model = Product().Save(folder.File("model.onnx"));

        Compressor.Compress(
            new CompressionRequest(model, folder.File("small.onnx")) { Recipe = RecipeParser.Parse("int8-dynamic"), Verify = false },
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(
            IntegerProducts.UnsignedBySigned,
            OnnxModel.Load(folder.File("small.onnx"), cancellationToken: TestContext.Current.CancellationToken).GetMetadata(IntegerProducts.ArithmeticKey)
        );
    }

    private static Net Product() => new Net().Input("x", 5, 64).Weight("w", 64, 48).Node("MatMul", "x w", "y").Output("y");
}
