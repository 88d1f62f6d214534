using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Transpose: the gradient is transposed back.</summary>
internal sealed class TransposeGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var rank = node.Rank(node.Input(0));
        var order = node.Node.GetInts("perm") ?? [.. Enumerable.Range(0, rank).Select(axis => (long)(rank - 1 - axis))];
        long[] back = [.. Enumerable.Range(0, rank).Select(axis => (long)Array.IndexOf(order, axis))];
        node.Add(0, node.Emit("Transpose", [node.Gradient()], ("perm", back)));
    }
}
