using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Turns <c>Constant</c> nodes into initializers of the same scope, so that later rewrites process all constants in one form. A constant that is an output of
/// its graph stays a node: an initializer as an output is valid, but few tools support it.
/// </summary>
internal sealed class ConstantsToInitializers : IGraphRewrite
{
    public string Effect => "Constant nodes turned into initializers";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.OpType == "Constant" && node.IsStandard()).ToArray())
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
