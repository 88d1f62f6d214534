using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Compilers.Tables;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>
/// Tests all recipes, small networks and compilers. The result is either an export with the same outputs that has only operators of the table, or a message
/// that names the node and the reason.
/// </summary>
public sealed class ExportProductTests
{
    private static readonly string[] Recipes =
    [
        "",
        "prune(0.5)",
        "prune-channels(0.3)",
        "low-rank(0.5)",
        "float16-weights",
        "int8-weights",
        "int8(min-max, everywhere=true)",
        "int8(min-max, everywhere=true, activations=int8)",
        "int8-dynamic",
        "int8-blocks",
        "int4",
        "int4(symmetric=true, block-size=64, last-layer-bits=4)",
        "int4(format=qdq)",
        "int4(format=stored)",
        "cluster(16)",
        "cluster(256, per-channel=true)",
        "prune(0.5) cluster(16)",
        "prune-channels(0.3) int8(min-max, everywhere=true)",
        "float16",
    ];

    private static readonly string[] Networks = ["convolutions", "products", "transformer", "embeddings", "depthwise"];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var network in Networks)
        foreach (var recipe in Recipes)
            cases.Add(network, recipe);
        return cases;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void An_export_computes_the_same_or_names_the_node_and_the_reason(string network, string recipe)
    {
        var model = Network(network).Compressed(recipe);

        foreach (var compiler in CompilerCatalog.All)
            if (IsRefused(compiler, network, recipe))
            {
                var message = model.Refusal(compiler.Name);
                Assert.Contains($"{compiler.Title} does not take this model, so nothing was written. ", message, StringComparison.Ordinal);
                Assert.Matches(@"\w+ (of )?'[^']+'.*: \w+", message);
            }
            else
            {
                var exported = model.Export(compiler.Name);
                Assert.True(exported.Difference.SqnrDb >= 60, $"{compiler.Name}: {exported.Difference}");
            }
    }

    // TensorRT has no zero points, and does not quantize at run time. The step int8-dynamic finds no product in the network "depthwise". Everything else is
    // exported.
    private static bool IsRefused(Compiler compiler, string network, string recipe) =>
        compiler.Name == "tensorrt" && (recipe.Contains("int8(", StringComparison.Ordinal) || (recipe == "int8-dynamic" && network != "depthwise"));

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("convolutions")]
    [InlineData("products")]
    [InlineData("transformer")]
    public void Integers_for_the_target_tensorrt_are_exported_to_every_compiler(string network)
    {
        var model = Network(network).Compressed("int8(min-max, everywhere=true)", "tensorrt");

        foreach (var compiler in CompilerCatalog.All)
        {
            var exported = model.Export(compiler.Name);

            Assert.True(exported.Difference.IsNone, $"{compiler.Name}: {exported.Difference}");
            Assert.Contains(exported.Model.Proto.Graph.Node, node => node.OpType == "QuantizeLinear");
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("convolutions")]
    [InlineData("products")]
    [InlineData("transformer")]
    [InlineData("depthwise")]
    public void Every_network_is_exported_in_float16(string network)
    {
        foreach (var compiler in CompilerCatalog.All)
        {
            var exported = Network(network).Export(compiler.Name, ExportPrecision.Float16);

            Assert.True(exported.Difference.SqnrDb is >= 40 and < 100, $"{compiler.Name}: {exported.Difference}");
            Assert.Contains(exported.Model.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Float16);
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("int4")]
    [InlineData("int4(format=qdq)")]
    [InlineData("int8-blocks")]
    [InlineData("cluster(16)")]
    public void Weights_in_few_bits_are_exported_to_every_compiler(string recipe)
    {
        foreach (var network in new[] { "convolutions", "products", "transformer", "embeddings" })
        foreach (var compiler in CompilerCatalog.All)
        {
            var exported = Network(network).Compressed(recipe).Export(compiler.Name);

            Assert.True(exported.Difference.SqnrDb >= 100, $"{network}, {compiler.Name}: {exported.Difference}");
        }
    }

    internal static OnnxModel Network(string name) =>
        name switch
        {
            "convolutions" => new Net()
                .OpenInput("x", "batch", "3", "8", "8")
                .Weight("w1", 16, 3, 3, 3)
                .Weight("b1", 16)
                .Weight("w2", 32, 16, 3, 3)
                .Weight("b2", 32)
                .Weight("w3", 10, 32 * 16)
                .Weight("b3", 10)
                .Node("Conv", "x w1 b1", "c1", ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Relu", "c1", "r1")
                .Node("Conv", "r1 w2 b2", "c2", ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Relu", "c2", "r2")
                .Node("MaxPool", "r2", "p", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
                .Node("Flatten", "p", "f")
                .Node("Gemm", "f w3 b3", "y", ("transB", 1L))
                .OpenOutput("y", "batch", "10")
                .Build(),
            "products" => new Net()
                .OpenInput("x", "batch", "128")
                .Weight("w1", 128, 256)
                .Weight("b1", 256)
                .Weight("w2", 256, 128)
                .Weight("w3", 128, 16)
                .Node("MatMul", "x w1", "h1")
                .Node("Add", "h1 b1", "h2")
                .Node("Relu", "h2", "h3")
                .Node("MatMul", "h3 w2", "h4")
                .Node("Sigmoid", "h4", "h5")
                .Node("MatMul", "h5 w3", "y")
                .OpenOutput("y", "batch", "16")
                .Build(),
            "transformer" => new TinyTransformer().Build(),
            "embeddings" => new TinyTransformer { IsTied = true, UsesGemm = true }.Build(),
            "depthwise" => new Net()
                .OpenInput("x", "batch", "8", "12", "12")
                .Weight("w1", 8, 1, 3, 3)
                .Weight("w2", 16, 8, 1, 1)
                .Weight("b2", 16)
                .Constant("low", [], 0f)
                .Constant("high", [], 6f)
                .Node("Conv", "x w1", "c1", ("group", 8L), ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Clip", "c1 low high", "r1")
                .Node("Conv", "r1 w2 b2", "c2")
                .Node("GlobalAveragePool", "c2", "y")
                .OpenOutput("y", "batch", "16", "1", "1")
                .Build(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
}
