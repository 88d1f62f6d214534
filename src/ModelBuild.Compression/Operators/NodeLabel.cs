using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>The names by which reports refer to nodes.</summary>
internal static class NodeLabel
{
    /// <summary>The node label: the operator with the node's name, or with its first output where the node has no name.</summary>
    public static string Of(NodeProto node) => node.Name.Length > 0 ? $"{node.OpType} '{node.Name}'" : $"{node.OpType} of '{FirstOutput(node)}'";

    /// <summary>The node's name, or its first output where it has no name.</summary>
    public static string Name(NodeProto node) => node.Name.Length > 0 ? node.Name : FirstOutput(node);

    /// <summary>The node's name, or a name that is composed of its operator and its first output, for a node without a name.</summary>
    public static string NewName(NodeProto node) => node.Name.Length > 0 ? node.Name : $"{node.OpType}_{node.Output.FirstOrDefault()}";

    // Returns the name of the first output of a node that has one. Recurrent layers may omit outputs before it.
    private static string FirstOutput(NodeProto node) => node.Output.FirstOrDefault(output => output.Length > 0) ?? "";
}
