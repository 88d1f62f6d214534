using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>
/// A mask [batch, time] that exporters extend to [batch, 1, 1, time] by two <c>Unsqueeze</c> nodes. The two nodes are not merged, because ONNX Runtime's
/// attention fusion matches both nodes.
/// </summary>
internal static class AttentionMask
{
    /// <summary>Returns whether the node of the site is the second of the two Unsqueeze nodes, and <paramref name="inner"/> the first.</summary>
    public static bool IsWidened(Site site, NodeProto inner) =>
        inner.OpType == "Unsqueeze"
        && site.Node.OpType == "Unsqueeze"
        && site.Integers(inner, 1, "axes") is [1]
        && site.Integers(site.Node, 1, "axes") is [2]
        && site.Rank(inner.Input[0]) is null or 2;
}
