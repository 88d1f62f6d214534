using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>What a node does in one call.</summary>
/// <param name="Scope">The node's scope.</param>
/// <param name="Node">The node.</param>
/// <param name="MultiplyAdds">Its multiply-adds, in all iterations of a loop; null where they are not known before the model runs.</param>
internal sealed record NodeWork(Graph Scope, NodeProto Node, long? MultiplyAdds);
