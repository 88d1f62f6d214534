using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>The work of a node in one call: its multiply-adds.</summary>
/// <param name="Scope">The scope of the node.</param>
/// <param name="Node">The node.</param>
/// <param name="MultiplyAdds">The multiply-adds in all iterations of a loop; null when they are unknown before the model runs.</param>
internal sealed record NodeWork(Graph Scope, NodeProto Node, long? MultiplyAdds);
