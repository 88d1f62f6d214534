using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Computes nodes whose inputs are constants at build time (<see cref="FoldableNodes"/>), by running them on ONNX Runtime. A node whose result would make the
/// file larger is not folded. Examples are Expand, ConstantOfShape, and nodes that compute a second form of a weight that has other readers.
/// </summary>
internal sealed class ConstantFolding : IGraphRewrite
{
    // The number of bytes by which one fold may increase the file. It suffices for scalars and shapes that ConstantOfShape and similar nodes create.
    private const int AllowedGrowth = 1024;

    // The approximate number of bytes of constants that ONNX Runtime gets in one session. Many shapes then need few sessions, and the weights are not all
    // copied at once.
    private const long BatchBytes = 16 << 20;

    public string Effect => "constants folded";

    public int Apply(Graph main, CancellationToken cancellationToken) =>
        main.SelfAndSubgraphs().Sum(scope => Batches(scope).ToArray().Sum(batch => Fold(scope, batch, cancellationToken)));

    private static IEnumerable<NodeProto[][]> Batches(Graph scope)
    {
        var batch = new List<NodeProto[]>();
        var bytes = 0L;
        foreach (var component in FoldableNodes.Components(scope))
        {
            batch.Add(component);
            bytes += component.SelectMany(node => node.Input).Sum(value => scope.TryGetConstant(value, out var tensor) ? tensor.RawData.Length : 0L);
            if (bytes < BatchBytes)
                continue;
            yield return [.. batch];
            batch.Clear();
            bytes = 0;
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }

    private static int Fold(Graph scope, NodeProto[][] components, CancellationToken cancellationToken)
    {
        NodeProto[] nodes = [.. components.SelectMany(component => component)];
        var wanted = nodes.SelectMany(node => node.Output).Where(value => value.Length > 0).ToArray();
        if (ConstantEvaluator.TryEvaluate(scope, nodes, wanted, cancellationToken) is { } results)
            return Replace(scope, nodes, results);
        // If ONNX Runtime cannot compute a batch of components, each component is folded by itself, so that one failing node does not affect the others.
        return components.Length == 1 ? 0 : components.Sum(component => Fold(scope, [component], cancellationToken));
    }

    private static int Replace(Graph scope, NodeProto[] nodes, IReadOnlyDictionary<string, TensorProto> results)
    {
        var folded = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var inputs = node.Input.Where(value => value.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
            if (inputs.Any(value => !known.Contains(value) && !scope.TryGetConstant(value, out _)))
                continue;
            var added = node.Output.Where(value => value.Length > 0).Sum(value => (long)results[value].RawData.Length);
            if (added > AllowedGrowth)
                added -= inputs
                    .Where(value => IsFreed(scope, value, node, folded))
                    .Sum(value =>
                        results.TryGetValue(value, out var t) ? t.RawData.Length
                        : scope.TryGetConstant(value, out t!) ? t.RawData.Length
                        : 0L
                    );
            if (added > AllowedGrowth)
                continue;
            folded.Add(node);
            known.UnionWith(node.Output);
        }

        foreach (var node in folded)
        {
            scope.Remove(node);
            foreach (var value in node.Output.Where(value => value.Length > 0))
                scope.AddInitializer(results[value].WithName(value));
        }

        return folded.Count;
    }

    // Returns whether the value has no reader left after the node is folded.
    private static bool IsFreed(Graph scope, string value, NodeProto node, HashSet<NodeProto> folded) =>
        scope.ScopeOf(value) is { } owner
        && !owner.IsOutputAnywhere(value)
        && owner.Consumers(value).All(use => ReferenceEquals(use.Node, node) || folded.Contains(use.Node));
}
