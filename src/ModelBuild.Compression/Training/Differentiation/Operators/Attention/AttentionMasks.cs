using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Attention;

/// <summary>The inputs of an attention node that are added to its scores.</summary>
internal static class AttentionMasks
{
    /// <summary>
    /// Returns the names of the values that are added to the scores: a mask of the other steps, [batch, other steps], as large negative numbers, and a bias.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="mask">The index of the mask among the inputs.</param>
    /// <param name="bias">The index of the bias among the inputs.</param>
    public static IEnumerable<string> Of(GradientNode node, int mask, int bias)
    {
        if (node.Has(mask))
        {
            var masked = node.Emit("Cast", [node.Emit("LessOrEqual", [node.Input(mask), Zero(node, mask)])], ("to", (long)DataType.Float));
            var filled = node.Emit("Mul", [masked, node.Number(node.Node.GetFloat("mask_filter_value", -10000))]);
            yield return node.Emit("Unsqueeze", [filled, node.Integers(1, 2)]);
        }

        if (node.Has(bias))
            yield return node.Input(bias);
    }

    /// <summary>Adds the gradient of the bias: the gradient of the scores, summed over the axes along which the bias is broadcast.</summary>
    public static void AddBias(GradientNode node, int bias, string scores)
    {
        if (!node.Needs(bias))
            return;
        long[] axes = [.. node.Sizes(node.Input(bias)).Index().Take(2).Where(size => size.Item == 1).Select(size => (long)size.Index)];
        node.Add(bias, axes.Length == 0 ? scores : node.Emit("ReduceSum", [scores, node.Integers(axes)], ("keepdims", 1L)));
    }

    private static string Zero(GradientNode node, int mask) => node.Emit("Cast", [node.Number(0)], ("to", (long)node.Type(node.Input(mask))));
}
