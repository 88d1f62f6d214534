using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>An axis of a constant that has one slice for each channel.</summary>
/// <param name="Node">The node that reads the constant.</param>
/// <param name="Input">Which of its inputs the constant is.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Channels">The channel of each slice; one channel may have several.</param>
/// <param name="Role">What the slices do.</param>
internal sealed record WeightSlot(NodeProto Node, int Input, int Axis, int[] Channels, SlotRole Role)
{
    /// <summary>The constant's name.</summary>
    public string Constant => Node.Input[Input];
}
