using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>A node of the main graph whose results depend on the model's inputs.</summary>
/// <param name="Index">Its place in the document.</param>
/// <param name="Node">The node.</param>
/// <param name="Reads">The inputs of the model and the results of other computed nodes that it reads; constants are not among them.</param>
/// <param name="Depth">The number of nodes on the longest way to it, itself included.</param>
internal sealed record ComputedNode(int Index, NodeProto Node, IReadOnlyList<string> Reads, int Depth);
