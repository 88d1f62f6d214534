using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>A constant float32 tensor that float operators read as their weight.</summary>
/// <param name="Scope">The scope in which the constant is defined.</param>
/// <param name="Name">The constant's name.</param>
/// <param name="Tensor">Its data.</param>
/// <param name="ChannelAxes">For each axis, whether slices along it have their own scale; the rest is reduced over.</param>
/// <param name="Readers">The nodes whose operand it is, as it stands or moved; for one inside a branch, the node that has the branch as well.</param>
internal sealed record WeightSite(Graph Scope, string Name, TensorProto Tensor, bool[] ChannelAxes, IReadOnlyList<NodeProto> Readers)
{
    /// <summary>The shape of the scales, broadcastable to the weight: 1 where the weight is reduced over.</summary>
    public long[] ScaleShape(bool perChannel) => [.. Tensor.Dims.Select((size, axis) => perChannel && ChannelAxes[axis] ? size : 1)];
}
