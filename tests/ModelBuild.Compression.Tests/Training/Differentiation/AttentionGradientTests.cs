using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of the attention operators of com.microsoft.</summary>
public sealed class AttentionGradientTests
{
    public static MatrixTheoryData<bool, bool, bool> AllForms() => new([false, true], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(AllForms))]
    public void Attention(bool hasMask, bool hasBias, bool isCausal) =>
        Verify("Attention", Projected(), "x w b", hasMask, hasBias ? " _ bias" : "", isCausal, ("scale", hasMask ? 0.7f : 0));

    [Fact]
    public void ValuesOfAnotherSize() =>
        Verify(
            "Attention",
            new Net(21).Input("x", 2, 3, 5).Input("w", 5, 14).Input("b", 14),
            "x w b",
            false,
            "",
            false,
            ("qkv_hidden_sizes", (long[])[4, 4, 6])
        );

    [Theory]
    [MemberData(nameof(AllForms))]
    public void MultiHeadAttention(bool hasMask, bool hasBias, bool hasProjectionBias)
    {
        var net = new Net(21).Input("q", 2, 3, 4).Input("k", 2, 3, 4).Input("v", 2, 3, 6);
        if (hasProjectionBias)
            net.Input("b", 14);
        Verify("MultiHeadAttention", net, $"q k v {(hasProjectionBias ? "b" : "_")}", hasMask, hasBias ? " bias" : "", false);
    }

    [Fact]
    public void PastValuesHaveNoGradient() =>
        Assert.Equal(
            "it has past values",
            OperatorGradients.WhyNot(
                Projected()
                    .Constant("past", [2, 2, 2, 1, 2], new float[16])
                    .Add(Nodes.Create("Attention", ["x", "w", "b", "", "past"], ["y", "present"], domain: "com.microsoft", attributes: ("num_heads", 2L)))
                    .Output("y")
            )
        );

    private static Net Projected() => new Net(21).Input("x", 2, 3, 5).Input("w", 5, 12).Input("b", 12);

    private static void Verify(
        string operation,
        Net net,
        string inputs,
        bool hasMask,
        string rest,
        bool isCausal,
        params (string Name, object Value)[] attributes
    )
    {
        if (hasMask)
            net.Constant("mask", [2, 3], 1, 1, 0, 1, 0, 1);
        if (rest.Length > 0)
            net.Input("bias", 1, 2, 3, 3);
        var names = $"{inputs} {(hasMask ? "mask" : "_")}{rest}".Split(' ').Select(name => name == "_" ? "" : name);
        net.Add(
            Nodes.Create(
                operation,
                names,
                ["y"],
                domain: "com.microsoft",
                attributes: [("num_heads", 2L), ("unidirectional", isCausal), .. attributes.Where(attribute => attribute.Value is not 0f)]
            )
        );
        OperatorGradients.Verify(net.Output("y"));
    }
}
