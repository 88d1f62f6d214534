using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>An axis of a constant that has one slice for each channel.</summary>
/// <param name="Node">The node that reads the constant.</param>
/// <param name="Input">The index of the input that is the constant.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Channels">The channel of each slice; a channel may have several slices.</param>
/// <param name="Role">The relation of the slices to their channels.</param>
internal sealed record WeightSlot(NodeProto Node, int Input, int Axis, int[] Channels, SlotRole Role)
{
    /// <summary>The name of the constant.</summary>
    public string Constant => Node.Input[Input];
}
