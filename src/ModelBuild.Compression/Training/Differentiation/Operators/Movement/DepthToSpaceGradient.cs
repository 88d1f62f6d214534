using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>
/// The gradient of DepthToSpace: the gradient is moved back by SpaceToDepth. The mode CRD orders the channels in another way, so they are reordered for it.
/// </summary>
internal sealed class DepthToSpaceGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var block = node.Node.GetInt("blocksize");
        var moved = node.Emit("SpaceToDepth", [node.Gradient()], ("blocksize", block));
        if (node.Node.GetString("mode", "DCR") == "DCR")
        {
            node.Add(0, moved);
            return;
        }

        var channels = node.Sizes(node.Input(0))[1];
        if (channels < 0)
            throw new NoGradientException("the number of its channels is not known");
        var (inner, outer) = (block * block, channels / (block * block));
        long[] order = [.. from channel in Range(outer) from place in Range(inner) select place * outer + channel];
        node.Add(0, node.Emit("Gather", [moved, node.Integers(order)], ("axis", 1L)));
    }

    private static IEnumerable<long> Range(long count) => Enumerable.Range(0, (int)count).Select(i => (long)i);
}
