using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Turns <c>Constant</c> nodes into initializers of the same scope, so that all constants are found, shared and stored alike.
/// One that is itself an output of its graph stays a node: an initializer as an output is legal, but few tools expect it.
/// </summary>
internal sealed class ConstantsToInitializers : IGraphRewrite
{
    public string Effect => "Constant nodes turned into initializers";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.OpType == "Constant" && node.Domain is "" or "ai.onnx").ToArray())
        {
            var value = node.Output[0];
            if (scope.IsOutputAnywhere(value) || !scope.TryGetConstant(value, out var tensor))
                continue;
            scope.Remove(node);
            scope.AddInitializer(tensor.WithName(value));
            count++;
        }

        return count;
    }
}
