using ModelBuild.Onnx;

namespace ModelBuild.Compression.Inspection;

/// <summary>A node of a model with constants or multiply-adds.</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="Scope">The scope of the node.</param>
/// <param name="Node">The node.</param>
/// <param name="Bytes">The bytes of the constants of which it is the first reader.</param>
/// <param name="MultiplyAdds">The multiply-adds of one call.</param>
internal sealed record LayerShare(string Name, Graph Scope, NodeProto Node, long Bytes, long MultiplyAdds)
{
    /// <summary>The name of the first output of the node.</summary>
    public string Output { get; } = Node.Output.FirstOrDefault(output => output.Length > 0) ?? "";
}
