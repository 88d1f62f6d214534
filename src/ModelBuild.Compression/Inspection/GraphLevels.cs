using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Receipts;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Inspection;

/// <summary>
/// Lists the nodes of a model in topological order. The longest path to each output has the level 0, and a branch has a level more than the path that it
/// joins. The nodes of a subgraph follow the node that contains it, one level deeper.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="forms">The forms of its nodes.</param>
internal sealed class GraphLevels(InspectedModel model, NodeForms forms)
{
    private const int MaxLevel = 6;

    /// <summary>Returns all nodes of the model with their levels, in topological order.</summary>
    public IEnumerable<GraphNodeFacts> List() => List(model.Main, 0);

    private IEnumerable<GraphNodeFacts> List(Graph scope, int start)
    {
        var levels = Levels(scope);
        foreach (var node in scope.Nodes)
        {
            if (!model.IsComputed(node))
                continue;
            var level = Math.Min(MaxLevel, start + levels[node]);
            yield return new GraphNodeFacts(level, forms.Of(scope, node), node.OpType, NodeLabel.Name(node));
            foreach (var inner in scope.Subgraphs(node).SelectMany(subgraph => List(subgraph, level + 1)))
                yield return inner;
        }
    }

    private static Dictionary<NodeProto, int> Levels(Graph scope)
    {
        var depths = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in scope.Nodes)
            depths[node] = 1 + Producers(node).Select(producer => depths.GetValueOrDefault(producer)).DefaultIfEmpty(0).Max();
        var levels = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        foreach (var output in scope.Proto.Output)
            Mark(scope.Producer(output.Name), 0);
        // The nodes are visited from the last to the first. The readers of a node come after it, so that their levels are known.
        foreach (var node in scope.Nodes.Reverse())
            if (!levels.ContainsKey(node))
                Mark(node, 1 + node.Output.SelectMany(scope.Consumers).Select(use => levels.GetValueOrDefault(use.Node)).DefaultIfEmpty(0).Min());
        return levels;

        void Mark(NodeProto? node, int level)
        {
            for (; node is not null && scope.Contains(node) && levels.TryAdd(node, level); node = Producers(node).MaxBy(depths.GetValueOrDefault))
                ;
        }

        IEnumerable<NodeProto> Producers(NodeProto node) => node.Input.Where(value => value.Length > 0).Select(scope.Producer).OfType<NodeProto>();
    }
}
