using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>A node of the main graph whose outputs depend on the model's inputs.</summary>
/// <param name="Index">The index of the node in the graph.</param>
/// <param name="Node">The node.</param>
/// <param name="Reads">The model inputs and outputs of other computed nodes that the node reads, without constants.</param>
/// <param name="Depth">The number of nodes on the longest path from the inputs to the node, including the node.</param>
internal sealed record ComputedNode(int Index, NodeProto Node, IReadOnlyList<string> Reads, int Depth);
