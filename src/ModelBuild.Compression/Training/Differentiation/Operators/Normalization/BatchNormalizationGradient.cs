using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>
/// The gradient of BatchNormalization with frozen statistics, y = (x − mean)·f·scale + bias with f = 1/√(variance + ε). The statistics have no gradient.
/// </summary>
internal sealed class BatchNormalizationGradient : IGradient
{
    public string? WhyNot(GradientNode node) => node.Node.GetInt("training_mode") != 0 ? "it computes the statistics of the batch" : null;

    public void Differentiate(GradientNode node)
    {
        var rank = node.Rank(node.Input(0));
        var deviation = node.Emit("Sqrt", [node.Emit("Add", [node.Input(4), node.Number(node.Node.GetFloat("epsilon", 1e-5f))])]);
        var factor = node.Emit("Reciprocal", [deviation]);
        if (node.Needs(0))
            node.Add(0, node.Emit("Mul", [node.Gradient(), Channels(node, node.Emit("Mul", [node.Input(1), factor]), rank)]));
        long[] others = [0, .. Enumerable.Range(2, Math.Max(0, rank - 2)).Select(axis => (long)axis)];
        if (node.Needs(1))
        {
            var centred = node.Emit("Sub", [node.Input(0), Channels(node, node.Input(3), rank)]);
            var summed = node.Emit("ReduceSum", [node.Emit("Mul", [node.Gradient(), centred]), node.Integers(others)], ("keepdims", 0L));
            node.Add(1, node.Emit("Mul", [summed, factor]));
        }

        if (node.Needs(2))
            node.Add(2, node.Emit("ReduceSum", [node.Gradient(), node.Integers(others)], ("keepdims", 0L)));
    }

    private static string Channels(GradientNode node, string value, int rank) =>
        node.Emit("Reshape", [value, node.Integers([-1, .. Enumerable.Repeat(1L, Math.Max(0, rank - 2))])]);
}
