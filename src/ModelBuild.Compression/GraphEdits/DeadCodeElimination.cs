using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Removes nodes whose outputs have no reader, from the last to the first, and initializers without readers.</summary>
internal sealed class DeadCodeElimination : IGraphRewrite
{
    public string Effect => "unused nodes and initializers removed";

    public int Apply(Graph main, CancellationToken cancellationToken) =>
        // Inner scopes are processed before outer ones, because nodes that are removed from an inner scope may be the last readers of outer values.
        main.SelfAndSubgraphs().Reverse().Sum(scope => RemoveNodes(scope) + RemoveInitializers(scope));

    private static int RemoveNodes(Graph scope)
    {
        var count = 0;
        foreach (var node in scope.Nodes.Reverse().ToArray())
            if (node.Output.All(value => value.Length == 0 || !IsRead(scope, value)))
            {
                scope.Remove(node);
                count++;
            }

        return count;
    }

    private static int RemoveInitializers(Graph scope)
    {
        var unused = scope.Proto.Initializer.Select(tensor => tensor.Name).Where(name => !IsRead(scope, name)).ToArray();
        return unused.Count(scope.RemoveInitializer);
    }

    private static bool IsRead(Graph scope, string value) => scope.IsOutputAnywhere(value) || scope.Consumers(value).Count > 0;
}
