using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Finds the values that the subgraphs of a node read by name.</summary>
internal static class CapturedValues
{
    /// <summary>Returns the names that the subgraphs of a node read, including names that the subgraphs define.</summary>
    public static IEnumerable<string> Of(NodeProto node) =>
        node
            .Attribute.SelectMany(attribute => attribute.Graphs.Append(attribute.G))
            .Where(graph => graph is not null)
            .SelectMany(graph => graph.Output.Select(output => output.Name).Concat(graph.Node.SelectMany(WithInputs)));

    /// <summary>Returns all names that a node reads: its inputs and then the names that its subgraphs read.</summary>
    public static IEnumerable<string> WithInputs(NodeProto node) => node.Input.Concat(Of(node));
}
