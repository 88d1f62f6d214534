using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Removes nodes whose output equals their input: <c>Identity</c>, <c>Dropout</c> in inference mode whose mask has no reader, <c>Concat</c>, <c>Sum</c>,
/// <c>Max</c>, <c>Min</c> and <c>Mean</c> of one input, and <c>Transpose</c> with the identity permutation.
/// </summary>
internal sealed class IdentityElimination : IGraphRewrite
{
    public string Effect => "nodes without effect removed";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.ToArray())
            if (HasNoEffect(scope, node) && scope.Bypass(node))
                count++;
        return count;
    }

    private static bool HasNoEffect(Graph scope, NodeProto node) =>
        node.IsStandard()
        && node.Output.Count >= 1
        && node.Input.Count >= 1
        && node.OpType switch
        {
            "Identity" => true,
            "Dropout" => IsInference(scope, node),
            "Concat" or "Sum" or "Max" or "Min" or "Mean" => node.Input.Count == 1,
            "Transpose" => node.GetInts("perm") is { Length: > 0 } perm && perm.Select((axis, i) => axis == i).All(same => same),
            _ => false,
        };

    // Returns whether a Dropout does nothing. Up to opset 11, Dropout has no training input and does nothing in inference. From opset 12 on, its third input
    // may turn training on.
    private static bool IsInference(Graph scope, NodeProto node)
    {
        if (node.Output.Skip(1).Any(mask => mask.Length > 0 && (scope.Consumers(mask).Count > 0 || scope.IsOutputAnywhere(mask))))
            return false;
        if (node.Input.Count < 3 || node.Input[2].Length == 0)
            return scope.Model.Opset() >= 7 || node.GetInt("is_test", 0) == 1;
        return scope.TryGetConstant(node.Input[2], out var training) && training.RawData.Length == 1 && training.RawData[0] == 0;
    }
}
