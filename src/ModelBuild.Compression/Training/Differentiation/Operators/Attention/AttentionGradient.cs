using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Attention;

/// <summary>
/// The gradient of Attention of com.microsoft without past values. The projections of the input to Q, K and V are one product with the weights.
/// </summary>
internal sealed class AttentionGradient : IGradient
{
    private const int Mask = 3;
    private const int Bias = 5;

    public string? WhyNot(GradientNode node) =>
        node.Has(4) ? "it has past values"
        : node.Node.GetInt("do_rotary") != 0 ? "it rotates positions"
        : node.Has(Mask) && node.Rank(node.Input(Mask)) != 2 ? "its mask is not one number for each step"
        : OtherOutputs.WhyNot(node, 1, 2);

    public void Differentiate(GradientNode node)
    {
        var heads = node.Node.GetInt("num_heads");
        var weights = node.Sizes(node.Input(1));
        var widths = node.Node.GetInts("qkv_hidden_sizes") is { Length: 3 } given ? given : [.. Enumerable.Repeat(weights[1] / 3, 3)];
        var scale = node.Node.GetFloat("scale") is var factor and not 0 ? factor : 1 / MathF.Sqrt((float)widths[0] / heads);

        var projected = node.Emit("MatMul", [node.Input(0), node.Input(1)]);
        if (node.Has(2))
            projected = node.Emit("Add", [projected, node.Input(2)]);
        var parts = node.EmitAll("Split", [projected, node.Integers(widths)], 3, "", ("axis", 2L));
        string Part(int index) => AttentionHeads.Split(node, parts[index], heads);
        var attention = new AttentionHeads(Part(0), Part(1), Part(2), scale);
        var isCausal = node.Node.GetInt("unidirectional") != 0;
        var gradient = AttentionHeads.Split(node, node.Gradient(), heads);
        var gradients = attention.Gradients(node, gradient, AttentionMasks.Of(node, Mask, Bias), isCausal);
        AttentionMasks.AddBias(node, Bias, gradients.Scores);

        string Joined(string value, int index) => AttentionHeads.Join(node, value, widths[index]);
        var joined = node.Emit("Concat", [Joined(gradients.Query, 0), Joined(gradients.Key, 1), Joined(gradients.Value, 2)], ("axis", 2L));
        if (node.Needs(0))
            node.Add(0, node.Emit("MatMul", [joined, node.Emit("Transpose", [node.Input(1)], ("perm", (long[])[1, 0]))]));
        string Rows(string value, long width) => node.Emit("Reshape", [value, node.Integers(-1, width)]);
        if (node.Needs(1))
            node.Add(1, node.Emit("Gemm", [Rows(node.Input(0), weights[0]), Rows(joined, weights[1])], ("transA", 1L)));
        if (node.Needs(2))
            node.Add(2, node.Emit("ReduceSum", [joined, node.Integers(0, 1)], ("keepdims", 0L)));
    }
}
