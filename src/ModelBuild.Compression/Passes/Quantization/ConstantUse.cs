using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>An input of a node that is a constant.</summary>
/// <param name="Node">The node.</param>
/// <param name="Index">The index of the input.</param>
internal sealed record ConstantUse(NodeProto Node, int Index)
{
    /// <summary>The name of the constant that the input refers to at present.</summary>
    public string Name => Node.Input[Index];
}
