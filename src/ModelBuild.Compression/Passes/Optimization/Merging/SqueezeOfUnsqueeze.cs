using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Optimization.Patterns;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Removes <c>Squeeze</c> and <c>Unsqueeze</c> of the same axes, one after the other.</summary>
internal sealed class SqueezeOfUnsqueeze() : NoEffectPattern("(un)squeezes cancelled", "Squeeze", "Unsqueeze")
{
    protected override string? Same(Site site)
    {
        var node = site.Node;
        if (
            site.Producer(node.Input[0], node.OpType == "Squeeze" ? "Unsqueeze" : "Squeeze") is not { } inner
            || site.Integers(inner, 1, "axes") is not { } first
            || site.Integers(node, 1, "axes") is not { } second
        )
            return null;
        // Squeeze and Unsqueeze count axes in the larger of the two shapes. If its rank is unknown, negative axes cannot be converted, and the axes match only
        // if both nodes write them in the same way.
        var rank = node.OpType == "Squeeze" ? site.Rank(node.Input[0]) : site.Rank(inner.Input[0]);
        first = Axes.Normalize(first, rank) ?? first;
        second = Axes.Normalize(second, rank) ?? second;
        return first.Order().SequenceEqual(second.Order()) ? inner.Input[0] : null;
    }
}
