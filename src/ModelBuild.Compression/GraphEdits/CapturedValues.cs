using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>What a node's subgraphs read by name.</summary>
internal static class CapturedValues
{
    /// <summary>The names, those that the subgraphs define themselves among them.</summary>
    public static IEnumerable<string> Of(NodeProto node) =>
        node
            .Attribute.SelectMany(attribute => attribute.Graphs.Append(attribute.G))
            .Where(graph => graph is not null)
            .SelectMany(graph => graph.Output.Select(output => output.Name).Concat(graph.Node.SelectMany(WithInputs)));

    /// <summary>All that a node reads by name: these, and its inputs before them.</summary>
    public static IEnumerable<string> WithInputs(NodeProto node) => node.Input.Concat(Of(node));
}
