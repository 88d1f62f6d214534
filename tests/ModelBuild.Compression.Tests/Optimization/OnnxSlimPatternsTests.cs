using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>Tests each pattern that OnnxSlim lists, built according to its description. At least as many nodes are removed as OnnxSlim removes.</summary>
public sealed class OnnxSlimPatternsTests
{
    public static TheoryData<string, int> Patterns { get; } =
        new()
        {
            { "FusionConvBN", 1 },
            { "FusionConvTransposeBN", 1 },
            { "FusionConvAdd", 1 },
            { "FusionConvTransposeAdd", 1 },
            { "FusionConvMul", 1 },
            { "FusionConvTransposeMul", 1 },
            { "FusionPadConv", 1 },
            { "FusionGemm", 1 },
            { "FusionGemmMul", 2 },
            { "FusionGemmAdd", 2 },
            { "FusionReduce", 1 },
            { "FusionConcatReshape", 1 },
            { "EliminationTranspose", 1 },
            { "EliminationReshape", 1 },
            { "EliminationReshapeAs", 2 },
            { "EliminationSlice", 1 },
            { "EliminationUnsqueeze", 1 },
            { "EliminationConcat", 1 },
            { "EliminationTransposeAsReshape", 1 },
            { "EliminationTransposeViewTranspose", 1 },
            { "FusionPadConv of two", 3 },
            { "EliminationSlice of two", 3 },
            { "EliminationConcat of two", 3 },
            { "DeadNodes", 1 },
            { "CommonSubexpressions", 3 },
            { "ConstantFolding", 1 },
            { "Gelu", 1 },
            { "DeadNodes Identity", 1 },
            { "DeadNodes Dropout", 1 },
            { "DeadNodes Pad", 1 },
            { "DeadNodes Cast", 1 },
            { "DeadNodes Reshape", 1 },
            { "DeadNodes Mul", 1 },
            { "DeadNodes Add", 1 },
            { "DeadNodes Sub", 1 },
            { "DeadNodes Div", 1 },
            { "DeadNodes Expand", 1 },
            { "DeadNodes Concat", 1 },
            { "DeadNodes Concat of nothing", 1 },
        };

    [Theory]
    [MemberData(nameof(Patterns))]
    public void As_many_nodes_go(string pattern, int left)
    {
        var model = Build(pattern).Build();
        var optimized = Steps.Run(model, "optimize");

        Assert.InRange(new Graph(optimized).Nodes.Count, 1, left);
        Optimized.AnswersAlike(model, optimized);
    }

    private static Net Build(string pattern) => Graph(pattern).Output("y");

    private static Net Graph(string pattern) =>
        pattern switch
        {
            "FusionConvBN" => Normalized(Image(4, 8).Node("Conv", "x w", "c"), 8),
            "FusionConvTransposeBN" => Normalized(Image(8, 4).Node("ConvTranspose", "x w", "c"), 4),
            "FusionConvAdd" => Image(4, 8).Weight("k", 8, 1, 1).Node("Conv", "x w", "c").Node("Add", "c k", "y"),
            "FusionConvTransposeAdd" => Image(8, 4).Weight("k", 4, 1, 1).Node("ConvTranspose", "x w", "c").Node("Add", "c k", "y"),
            "FusionConvMul" => Image(4, 8).Weight("k", 8, 1, 1).Node("Conv", "x w", "c").Node("Mul", "c k", "y"),
            "FusionConvTransposeMul" => Image(8, 4).Weight("k", 4, 1, 1).Node("ConvTranspose", "x w", "c").Node("Mul", "c k", "y"),
            "FusionPadConv" => Image(4, 8).Constant("pads", [8], 0L, 0L, 1L, 1L, 0L, 0L, 1L, 1L).Node("Pad", "x pads", "p").Node("Conv", "p w", "y"),
            "FusionGemm" => Rows().Node("MatMul", "x w", "m").Node("Add", "m k", "y"),
            "FusionGemmMul" => Rows().Node("Gemm", "x w", "g").Node("Reshape", "g s", "r").Node("Mul", "r k", "y"),
            "FusionGemmAdd" => Rows().Node("Gemm", "x w", "g").Node("Reshape", "g s", "r").Node("Add", "r k", "y"),
            "FusionReduce" => Rows().Node("ReduceSum", "x axis", "r", ("keepdims", 0)).Node("Unsqueeze", "r axis", "y"),
            "FusionConcatReshape" => new Net()
                .OpenInput("x", "batch", "6", "2")
                .Constant("tail", [1], 12L)
                .Constant("zero", [1], 0L)
                .Node("Shape", "x", "s")
                .Node("Gather", "s zero", "b")
                .Node("Concat", "b tail", "t", ("axis", 0))
                .Node("Reshape", "x t", "y"),
            "EliminationTranspose" => Rows().Node("Transpose", "x", "t").Node("Transpose", "t", "u").Node("Neg", "u", "y"),
            "EliminationReshape" => Rows().Constant("t", [2], 8L, 3L).Node("Reshape", "x t", "r").Node("Reshape", "r u", "y").Constant("u", [3], 2L, 4L, 3L),
            "EliminationReshapeAs" => new Net()
                .OpenInput("x", "1", "time")
                .OpenInput("z", "batch", "time")
                .Constant("i0", [], 0L)
                .Constant("i1", [], 1L)
                .Constant("axis", [1], 0L)
                .Node("Shape", "z", "s")
                .Node("Gather", "s i0", "g0")
                .Node("Gather", "s i1", "g1")
                .Node("Unsqueeze", "g0 axis", "u0")
                .Node("Unsqueeze", "g1 axis", "u1")
                .Node("Concat", "u0 u1", "t", ("axis", 0))
                .Node("Expand", "x t", "y"),
            "EliminationSlice" => Rows()
                .Constant("one", [1], 1L)
                .Constant("four", [1], 4L)
                .Constant("zero", [1], 0L)
                .Node("Slice", "x one four zero", "a")
                .Node("Slice", "a one four axis", "y"),
            "EliminationUnsqueeze" => new Net()
                .OpenInput("x", "a", "b")
                .Constant("f", [1], 0L)
                .Constant("g", [1], 1L)
                .Node("Unsqueeze", "x f", "u")
                .Node("Unsqueeze", "u g", "y"),
            "EliminationConcat" => Rows()
                .Weight("k1", 6, 4)
                .Weight("k2", 6, 4)
                .Node("Concat", "x k1", "c", ("axis", 1))
                .Node("Concat", "c k2", "y", ("axis", 1)),
            "EliminationTransposeAsReshape" => new Net()
                .Input("x", 2, 8, 1, 1)
                .Constant("t", [2], 2L, 8L)
                .Node("Transpose", "x", "p", ("perm", new[] { 0, 2, 3, 1 }))
                .Node("Reshape", "p t", "y"),
            "EliminationTransposeViewTranspose" => new Net()
                .Input("x", 2, 8, 1, 1)
                .Constant("t", [3], 2L, 4L, 2L)
                .Constant("u", [4], 2L, 1L, 4L, 2L)
                .Node("Transpose", "x", "p", ("perm", new[] { 0, 2, 3, 1 }))
                .Node("Reshape", "p u", "q")
                .Node("Transpose", "q", "y", ("perm", new[] { 0, 2, 1, 3 })),
            "FusionPadConv of two" => Image(4, 8)
                .Weight("v", 8, 4, 3, 3)
                .Constant("pads", [8], 0L, 0L, 1L, 1L, 0L, 0L, 1L, 1L)
                .Node("Pad", "x pads", "p")
                .Node("Conv", "p w", "a")
                .Node("Conv", "p v", "b")
                .Node("Add", "a b", "y"),
            "EliminationSlice of two" => Rows()
                .Constant("one", [1], 1L)
                .Constant("two", [1], 2L)
                .Constant("four", [1], 4L)
                .Constant("zero", [1], 0L)
                .Node("Slice", "x one four zero", "a")
                .Node("Slice", "a zero two axis", "b")
                .Node("Slice", "a two four axis", "c")
                .Node("Add", "b c", "y"),
            "EliminationConcat of two" => Rows()
                .Weight("k1", 6, 4)
                .Weight("k2", 6, 4)
                .Node("Concat", "x k1", "c", ("axis", 1))
                .Node("Concat", "c k2", "a", ("axis", 1))
                .Node("Concat", "k2 c", "b", ("axis", 1))
                .Node("Add", "a b", "y"),
            "DeadNodes Identity" => Dead().Node("Identity", "n", "y"),
            "DeadNodes Dropout" => Dead().Node("Dropout", "n", "y"),
            "DeadNodes Pad" => Dead().Constant("pads", [4], 0L, 0L, 0L, 0L).Node("Pad", "n pads", "y"),
            "DeadNodes Cast" => Dead().Node("Cast", "n", "y", ("to", 1L)),
            "DeadNodes Reshape" => Dead().Constant("t", [2], 6L, 4L).Node("Reshape", "n t", "y"),
            "DeadNodes Mul" => Dead().Node("Mul", "ones n", "y"),
            "DeadNodes Add" => Dead().Node("Add", "n zeros", "y"),
            "DeadNodes Sub" => Dead().Node("Sub", "n zeros", "y"),
            "DeadNodes Div" => Dead().Node("Div", "n ones", "y"),
            "DeadNodes Expand" => Dead().Constant("t", [2], 6L, 4L).Node("Expand", "n t", "y"),
            "DeadNodes Concat" => Dead().Node("Concat", "n", "y", ("axis", 1)),
            "DeadNodes Concat of nothing" => Dead().Constant<float>("nothing", [6, 0]).Node("Concat", "nothing n", "y", ("axis", 1)),
            "DeadNodes" => Rows().Node("Exp", "x", "dead").Node("Neg", "x", "y"),
            "CommonSubexpressions" => Rows().Node("Exp", "x", "a").Node("Exp", "x", "b").Node("Tanh", "a", "c").Node("Mul", "b c", "y"),
            "ConstantFolding" => Rows().Constant("a", [4], 1f, 2f, 3f, 4f).Node("Neg", "a", "n").Node("Abs", "n", "m").Node("Add", "x m", "y"),
            _ => new Net(20)
                .Input("x", 2, 8)
                .Constant("half", [], 0.5f)
                .Constant("one", [], 1f)
                .Constant("root", [], MathF.Sqrt(2))
                .Node("Div", "x root", "d")
                .Node("Erf", "d", "e")
                .Node("Add", "e one", "s")
                .Node("Mul", "x s", "m")
                .Node("Mul", "m half", "y"),
        };

    private static Net Image(long inputs, long outputs) =>
        new Net().Input("x", 1, 4, 6, 6).Weight("w", inputs == 4 ? outputs : 4, inputs == 4 ? 4 : outputs, 3, 3);

    private static Net Rows() => new Net().Input("x", 6, 4).Weight("w", 4, 8).Weight("k", 8).Constant("s", [3], 2L, 3L, 8L).Constant("axis", [1], 1L);

    private static Net Dead() => Rows().Constant("ones", [4], 1f, 1f, 1f, 1f).Constant("zeros", [6, 4], new float[24]).Node("Neg", "x", "n");

    private static Net Normalized(Net net, int channels) =>
        net.Weight("scale", channels)
            .Weight("shift", channels)
            .Weight("mean", channels)
            .Constant("variance", [channels], [.. Enumerable.Repeat(0.5f, channels)])
            .Node("BatchNormalization", "c scale shift mean variance", "y");
}
