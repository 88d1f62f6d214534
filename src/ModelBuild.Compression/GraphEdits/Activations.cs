using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Finds the activations of a model: its inputs, and the values that are computed from them. All other values are constant.</summary>
internal static class Activations
{
    /// <summary>Returns the names of the activations of a main graph.</summary>
    /// <param name="graph">The graph, whose weights are no inputs and whose nodes are in topological order.</param>
    public static HashSet<string> Of(GraphProto graph)
    {
        var activations = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Node)
            if (CapturedValues.WithInputs(node).Any(activations.Contains))
                activations.UnionWith(node.Output);
        return activations;
    }
}
