using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Attention;

/// <summary>
/// The gradient of MultiHeadAttention of com.microsoft without past values. Q, K and V are separate inputs, [batch, steps, heads·size], with one bias for all.
/// </summary>
internal sealed class MultiHeadAttentionGradient : IGradient
{
    private const int ProjectionBias = 3;
    private const int Mask = 4;
    private const int Bias = 5;

    public string? WhyNot(GradientNode node) =>
        Enumerable.Range(6, 4).Any(node.Has) ? "it has past values"
        : !node.Has(1) || !node.Has(2) || Enumerable.Range(0, 3).Any(input => node.Rank(node.Input(input)) != 3) ? "its inputs are packed"
        : node.Has(Mask) && node.Rank(node.Input(Mask)) != 2 ? "its mask is not one number for each step"
        : OtherOutputs.WhyNot(node, 1, 2, 3);

    public void Differentiate(GradientNode node)
    {
        var heads = node.Node.GetInt("num_heads");
        long[] widths = [.. Enumerable.Range(0, 3).Select(input => node.Sizes(node.Input(input))[2])];
        if (widths.Any(width => width < 0))
            throw new NoGradientException("the sizes of its heads are not fixed");
        var scale = node.Node.GetFloat("scale") is var factor and not 0 ? factor : 1 / MathF.Sqrt((float)widths[0] / heads);

        var biases = node.Has(ProjectionBias) ? node.EmitAll("Split", [node.Input(ProjectionBias), node.Integers(widths)], 3, "", ("axis", 0L)) : null;
        string Part(int input)
        {
            var value = biases is null ? node.Input(input) : node.Emit("Add", [node.Input(input), biases[input]]);
            return AttentionHeads.Split(node, value, heads);
        }

        var attention = new AttentionHeads(Part(0), Part(1), Part(2), scale);
        var isCausal = node.Node.GetInt("unidirectional") != 0;
        var gradient = AttentionHeads.Split(node, node.Gradient(), heads);
        var gradients = attention.Gradients(node, gradient, AttentionMasks.Of(node, Mask, Bias), isCausal);
        AttentionMasks.AddBias(node, Bias, gradients.Scores);

        string[] each = [gradients.Query, gradients.Key, gradients.Value];
        string[] joined = [.. each.Index().Select(value => AttentionHeads.Join(node, value.Item, widths[value.Index]))];
        foreach (var (input, value) in joined.Index())
            if (node.Needs(input))
                node.Add(input, value);
        if (node.Needs(ProjectionBias))
            node.Add(ProjectionBias, node.Emit("Concat", joined.Select(value => Sum(node, value)), ("axis", 0L)));
    }

    private static string Sum(GradientNode node, string value) => node.Emit("ReduceSum", [value, node.Integers(0, 1)], ("keepdims", 0L));
}
