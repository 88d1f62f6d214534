using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes Softmax or LogSoftmax before ArgMax over the same axis: the largest score has the largest probability.</summary>
internal sealed class MonotoneArgMax() : Pattern<NodeProto>("normalizations before ArgMax removed", "ArgMax")
{
    protected override NodeProto? Match(Site site)
    {
        // Only models of opset 13 or later match. Before opset 13, Softmax normalizes over all axes from its attribute 'axis' on, and not along one axis.
        if (site.Opset < 13 || site.SoleProducer(site.Node.Input[0], "Softmax", "LogSoftmax") is not { } softmax)
            return null;
        var rank = site.Rank(softmax.Input[0]);
        var (axis, over) = (site.Node.GetInt("axis"), softmax.GetInt("axis", -1));
        return axis == over || (rank is { } known && (axis + known) % known == (over + known) % known) ? softmax : null;
    }

    protected override void Rewrite(Site site, NodeProto match) => site.Scope.SetInput(site.Node, 0, match.Input[0]);
}
