using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Profiling;

/// <summary>
/// Gives names to nodes that have none, so that they are found again in a profile. Without names, the profile would name nodes by their positions.
/// </summary>
internal static class NodeNames
{
    /// <summary>Gives a name to each node of a model and of its subgraphs that has none.</summary>
    public static void Complete(OnnxModel model)
    {
        foreach (var node in new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).Where(node => node.Name.Length == 0))
            node.Name = NodeLabel.NewName(node);
    }
}
