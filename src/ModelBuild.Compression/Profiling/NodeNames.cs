using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Profiling;

/// <summary>Gives nodes without a name one, so that they are found again in a profile, in which ONNX Runtime names them by their position.</summary>
internal static class NodeNames
{
    /// <summary>Names the nodes of a model and of its subgraphs.</summary>
    public static void Complete(OnnxModel model)
    {
        foreach (var node in new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).Where(node => node.Name.Length == 0))
            node.Name = NodeLabel.NewName(node);
    }
}
