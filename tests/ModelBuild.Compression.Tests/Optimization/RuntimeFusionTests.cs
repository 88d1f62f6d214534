using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>Tests that ONNX Runtime applies the same fusions to a model after <c>optimize</c> as before.</summary>
public sealed class RuntimeFusionTests
{
    private static readonly string[] Fused =
    [
        "Attention",
        "EmbedLayerNormalization",
        "SkipLayerNormalization",
        "LayerNormalization",
        "BiasGelu",
        "Gelu",
        "FusedConv",
        "FusedGemm",
        "FusedMatMul",
    ];

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_transformer_of_the_corpus() => IsFusedAsBefore(OnnxModel.Load(Corpus.Path("models/tribuo_tinybert_random.onnx")));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_layer_of_a_transformer_as_exporters_write_it(bool computesShapes) => IsFusedAsBefore(Layer(computesShapes).Build());

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet/fashion-resnet.onnx")]
    [InlineData("models/squeezenet_fp32.onnx")]
    public void Convolutions(string path) => IsFusedAsBefore(OnnxModel.Load(Corpus.Path(path)));

    private static void IsFusedAsBefore(OnnxModel model)
    {
        var before = Operators(model);
        var after = Operators(Steps.Run(model, "optimize"));

        Assert.All(Fused, op => Assert.InRange(after.GetValueOrDefault(op), before.GetValueOrDefault(op), int.MaxValue));
        Assert.InRange(after.Values.Sum(), 1, before.Values.Sum());
    }

    private static Dictionary<string, int> Operators(OnnxModel model) =>
        new Graph(OptimizedGraph.Of(model)).Nodes.GroupBy(node => node.OpType).ToDictionary(group => group.Key, group => group.Count());

    // The network is one layer of an encoder (Vaswani et al. 2017) with two heads of size 4 and a mask.
    private static Net Layer(bool computesShapes)
    {
        var net = new Net()
            .OpenInput("x", "batch", "time", "8")
            .OpenInput("mask", "batch", "time")
            .Constant("axis1", [1], 1L)
            .Constant("axis2", [1], 2L)
            .Constant("one", [], 1f)
            .Constant("low", [], -10000f)
            .Constant("heads", [1], 2L)
            .Constant("width", [1], 4L)
            .Constant("all", [1], 8L)
            .Constant("split", [4], 0L, 0L, 2L, 4L)
            .Constant("join", [3], 0L, 0L, 8L)
            .Constant("root", [], 2f)
            .Constant("i0", [], 0L)
            .Constant("i1", [], 1L)
            .Constant("axis0", [1], 0L)
            .Weight("g0", 8)
            .Weight("s0", 8)
            .Node("LayerNormalization", "x g0 s0", "h")
            .Node("Unsqueeze", "mask axis1", "m1")
            .Node("Unsqueeze", "m1 axis2", "m2")
            .Node("Sub", "one m2", "m3")
            .Node("Mul", "m3 low", "m4");
        foreach (var name in new[] { "q", "k", "v" })
        {
            net.Weight($"w{name}", 8, 8).Weight($"b{name}", 8).Node("MatMul", $"h w{name}", $"{name}0").Node("Add", $"{name}0 b{name}", $"{name}1");
            if (computesShapes)
                net.Node("Shape", $"{name}1", $"{name}s")
                    .Node("Gather", $"{name}s i0", $"{name}b")
                    .Node("Gather", $"{name}s i1", $"{name}t")
                    .Node("Unsqueeze", $"{name}b axis0", $"{name}bu")
                    .Node("Unsqueeze", $"{name}t axis0", $"{name}tu")
                    .Node("Concat", $"{name}bu {name}tu heads width", $"{name}shape", ("axis", 0))
                    .Node("Reshape", $"{name}1 {name}shape", $"{name}2");
            else
                net.Node("Reshape", $"{name}1 split", $"{name}2");
            net.Node("Transpose", $"{name}2", $"{name}3", ("perm", name == "k" ? new[] { 0, 2, 3, 1 } : [0, 2, 1, 3]));
        }

        return net.Weight("wo", 8, 8)
            .Weight("bo", 8)
            .Weight("g1", 8)
            .Weight("s1", 8)
            .Weight("wi", 8, 16)
            .Weight("bi", 16)
            .Constant("half", [], 0.5f)
            .Constant("sqrt2", [], MathF.Sqrt(2))
            .Node("MatMul", "q3 k3", "a0")
            .Node("Div", "a0 root", "a1")
            .Node("Add", "a1 m4", "a2")
            .Node("Softmax", "a2", "a3", ("axis", 3))
            .Node("MatMul", "a3 v3", "a4")
            .Node("Transpose", "a4", "a5", ("perm", new[] { 0, 2, 1, 3 }))
            .Node("Reshape", "a5 join", "a6")
            .Node("MatMul", "a6 wo", "o0")
            .Node("Add", "o0 bo", "o1")
            .Node("Add", "o1 h", "o2")
            .Node("LayerNormalization", "o2 g1 s1", "n")
            .Node("MatMul", "n wi", "f0")
            .Node("Add", "f0 bi", "f1")
            .Node("Div", "f1 sqrt2", "f2")
            .Node("Erf", "f2", "f3")
            .Node("Add", "f3 one", "f4")
            .Node("Mul", "f1 f4", "f5")
            .Node("Mul", "f5 half", "y")
            .Output("y");
    }
}
