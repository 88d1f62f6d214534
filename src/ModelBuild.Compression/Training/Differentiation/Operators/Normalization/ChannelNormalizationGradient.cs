using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>
/// The gradient of InstanceNormalization and GroupNormalization, y = n·scale + bias with one scale and one bias for each channel, where n is normalized over
/// all elements of a group of channels.
/// </summary>
internal sealed class ChannelNormalizationGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var (x, rank) = (node.Input(0), node.Rank(node.Input(0)));
        var channels = node.Sizes(x)[1] is var known && known >= 0 ? known : node.Sizes(node.Input(1))[0];
        if (channels < 0)
            throw new NoGradientException("the number of its channels is not fixed");
        var groups = node.Node.Is("GroupNormalization") ? node.Node.GetInt("num_groups") : channels;
        var grouped = node.Emit("Reshape", [x, node.Integers(0, groups, -1)]);
        var normalized = NormalizedValue.Of(node, grouped, [2], node.Node.GetFloat("epsilon", 1e-5f), isCentred: true);
        long[] others = [0, .. Enumerable.Range(2, rank - 2).Select(axis => (long)axis)];
        if (node.Needs(0))
        {
            var scale = node.Emit("Reshape", [node.Input(1), node.Integers([channels, .. Enumerable.Repeat(1L, rank - 2)])]);
            var scaled = node.Emit("Reshape", [node.Emit("Mul", [node.Gradient(), scale]), node.Integers(0, groups, -1)]);
            node.Add(0, node.Reshape(normalized.InputGradient(node, scaled), x));
        }

        if (node.Needs(1))
        {
            var product = node.Emit("Mul", [node.Gradient(), node.Reshape(normalized.Value, x)]);
            node.Add(1, node.Emit("ReduceSum", [product, node.Integers(others)], ("keepdims", 0L)));
        }

        if (node.Needs(2))
            node.Add(2, node.Emit("ReduceSum", [node.Gradient(), node.Integers(others)], ("keepdims", 0L)));
    }
}
