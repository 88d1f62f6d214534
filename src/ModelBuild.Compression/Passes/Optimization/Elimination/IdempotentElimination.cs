using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes an operator that its input makes redundant: Relu of Relu, rounding of integral values, the same Clip twice, Abs of Relu.</summary>
internal sealed class IdempotentElimination()
    : NoEffectPattern("operators applied twice removed", "Relu", "Abs", "Ceil", "Floor", "Round", "Sign", "Clip", "LogSoftmax")
{
    protected override string? Same(Site site)
    {
        var (node, source) = (site.Node, site.Node.Input[0]);
        var before = node.OpType switch
        {
            "Relu" => site.Producer(source, "Relu", "Abs", "Sigmoid", "Softmax"),
            "Abs" => site.Producer(source, "Abs", "Relu", "Sigmoid", "Softmax"),
            "Ceil" or "Floor" or "Round" => site.Producer(source, "Ceil", "Floor", "Round", "Sign"),
            _ => site.Producer(source, node.OpType),
        };
        if (before is null)
            return null;
        return node.OpType is not ("Clip" or "LogSoftmax") || IsSame(node, before) ? source : null;
    }

    private static bool IsSame(NodeProto node, NodeProto before) =>
        node.Input.Skip(1).SequenceEqual(before.Input.Skip(1)) && node.Attribute.SequenceEqual(before.Attribute);
}
