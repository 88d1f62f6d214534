using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Attention;

/// <summary>
/// The gradients of scaled dot-product attention of several heads, P = softmax(s·Q·Kᵀ + masks) and O = P·V. With R = ∂L/∂O·Vᵀ, the gradient of the scores is S
/// = P·(R − Σ R·P), and those of Q, K and V are s·S·K, s·Sᵀ·Q and Pᵀ·∂L/∂O.
/// </summary>
/// <param name="Query">Q, [batch, heads, steps, size].</param>
/// <param name="Key">K, [batch, heads, other steps, size].</param>
/// <param name="Value">V, [batch, heads, other steps, value size].</param>
/// <param name="Scale">The factor s.</param>
internal sealed record AttentionHeads(string Query, string Key, string Value, float Scale)
{
    /// <summary>Splits the last axis of a value into heads: [batch, steps, heads·size] becomes [batch, heads, steps, size].</summary>
    public static string Split(GradientNode node, string value, long heads) =>
        node.Emit("Transpose", [node.Emit("Reshape", [value, node.Integers(0, 0, heads, -1)])], ("perm", (long[])[0, 2, 1, 3]));

    /// <summary>Joins the heads of a value along the last axis: the inverse of <see cref="Split"/>.</summary>
    public static string Join(GradientNode node, string value, long width) =>
        node.Emit("Reshape", [node.Emit("Transpose", [value], ("perm", (long[])[0, 2, 1, 3])), node.Integers(0, 0, width)]);

    /// <summary>Adds the nodes that compute the gradients of Q, K, V and the scores.</summary>
    /// <param name="node">The node.</param>
    /// <param name="gradient">The gradient of O.</param>
    /// <param name="masks">Addends of the scores, which broadcast.</param>
    /// <param name="isCausal">Whether a step attends to no later step.</param>
    /// <returns>The gradients of Q, K, V and the scores.</returns>
    public (string Query, string Key, string Value, string Scores) Gradients(GradientNode node, string gradient, IEnumerable<string> masks, bool isCausal)
    {
        var scores = Multiply(node, Query, Key, false, true, Scale);
        foreach (var mask in masks)
            scores = node.Emit("Add", [scores, mask]);
        if (isCausal)
            scores = node.Emit("Add", [scores, LaterSteps(node, scores)]);
        var weights = node.Emit("Softmax", [scores], ("axis", -1L));
        var ofWeights = Multiply(node, gradient, Value, false, true);
        var mean = node.Emit("ReduceSum", [node.Emit("Mul", [ofWeights, weights]), node.Integers(-1)], ("keepdims", 1L));
        var ofScores = node.Emit("Mul", [weights, node.Emit("Sub", [ofWeights, mean])]);
        return (
            Multiply(node, ofScores, Key, false, false, Scale),
            Multiply(node, ofScores, Query, true, false, Scale),
            Multiply(node, weights, gradient, true, false),
            ofScores
        );
    }

    // Returns a causal mask with large negative numbers above the diagonal, where later time steps are.
    private static string LaterSteps(GradientNode node, string scores)
    {
        var filled = node.Emit("Expand", [node.Number(-1e30f), node.Emit("Shape", [scores], ("start", 2L))]);
        return node.Emit("Trilu", [filled, node.Emit("Squeeze", [node.Integers(1)])], ("upper", 1L));
    }

    private static string Multiply(GradientNode node, string left, string right, bool transposeLeft, bool transposeRight, float scale = 1) =>
        node.EmitAll(
            "FusedMatMul",
            [left, right],
            1,
            Domains.Microsoft,
            ("transA", transposeLeft ? 1L : 0),
            ("transB", transposeRight ? 1L : 0),
            ("alpha", scale)
        )[0];
}
