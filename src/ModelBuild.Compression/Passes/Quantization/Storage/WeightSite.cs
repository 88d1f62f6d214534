using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>A constant float32 tensor that float operators read as their weight.</summary>
/// <param name="Scope">The scope in which the constant is defined.</param>
/// <param name="Name">The constant's name.</param>
/// <param name="Tensor">Its data.</param>
/// <param name="ChannelAxes">For each axis, whether slices along it have their own scale; slices along the other axes share scales.</param>
/// <param name="Readers">
/// The nodes that read the weight, directly or through nodes that move it; for a node in a branch, also the node that has the branch.
/// </param>
internal sealed record WeightSite(Graph Scope, string Name, TensorProto Tensor, bool[] ChannelAxes, IReadOnlyList<NodeProto> Readers)
{
    /// <summary>Returns the shape of the scales, which can be broadcast to that of the weight. It is 1 on the axes whose slices share scales.</summary>
    public long[] ScaleShape(bool perChannel) => [.. Tensor.Dims.Select((size, axis) => perChannel && ChannelAxes[axis] ? size : 1)];
}
