using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>
/// The gradient of LayerNormalization, and without centring of RMSNormalization and SimplifiedLayerNormalization: y = n·scale + bias, where n is normalized
/// over the last axes.
/// </summary>
/// <param name="isCentred">Whether the operator subtracts the mean.</param>
internal sealed class LayerNormalizationGradient(bool isCentred) : IGradient
{
    public string? WhyNot(GradientNode node) => OtherOutputs.WhyNot(node, 1, 2);

    public void Differentiate(GradientNode node)
    {
        var (x, rank) = (node.Input(0), node.Rank(node.Input(0)));
        var first = node.Axis(node.Node.GetInt("axis", -1), x);
        long[] axes = [.. Enumerable.Range(first, rank - first).Select(axis => (long)axis)];
        var normalized = isCentred ? Computed(node, axes) : NormalizedValue.Of(node, x, axes, node.Node.GetFloat("epsilon", 1e-5f), isCentred: false);
        if (node.Needs(0))
            node.Add(0, normalized.InputGradient(node, node.Has(1) ? node.Emit("Mul", [node.Gradient(), node.Input(1)]) : node.Gradient()));
        if (node.Needs(1))
            node.AddBroadcast(1, node.Emit("Mul", [node.Gradient(), normalized.Value]));
        if (node.Needs(2))
            node.AddBroadcast(2, node.Gradient());
    }

    // Returns the normalized value. The mean and the inverse of the standard deviation are the second and third output of the node.
    private static NormalizedValue Computed(GradientNode node, long[] axes)
    {
        var mean = node.Output(1) is { Length: > 0 } given ? given : node.AddOutput(1, "mean");
        var inverse = node.Output(2) is { Length: > 0 } known ? known : node.AddOutput(2, "inverse deviation");
        var value = node.Emit("Mul", [node.Emit("Sub", [node.Input(0), mean]), inverse]);
        return new NormalizedValue(value, inverse, axes, IsCentred: true);
    }
}
