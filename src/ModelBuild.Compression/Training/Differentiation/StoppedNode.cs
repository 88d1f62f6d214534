using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>A node without a gradient. Weights from which any path to the loss leads through such a node are not trained.</summary>
/// <param name="Node">The node.</param>
/// <param name="Reason">The reason, as the end of a sentence.</param>
internal sealed record StoppedNode(NodeProto Node, string Reason);
