using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>An input of a node that is a constant.</summary>
/// <param name="Node">The node.</param>
/// <param name="Index">The index of the input.</param>
internal sealed record ConstantUse(NodeProto Node, int Index)
{
    /// <summary>The present name of the constant.</summary>
    public string Name => Node.Input[Index];
}
