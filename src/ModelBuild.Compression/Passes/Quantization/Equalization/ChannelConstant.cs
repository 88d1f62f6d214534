using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>A constant that is added to a value with channels: a layer's bias, or the operand of an Add.</summary>
internal static class ChannelConstant
{
    /// <summary>Returns whether the constant has one element, or one for each channel, so that it can be divided by a factor for each channel.</summary>
    /// <param name="scope">The scope of the node that reads it.</param>
    /// <param name="name">The constant's name.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="spatial">The number of axes after the channel axis of the value that the constant is added to.</param>
    public static bool IsDivisible(Graph scope, string name, int channels, int spatial) =>
        scope.TryGetConstant(name, out var tensor)
        && tensor.DataType == (int)DataType.Float
        && (tensor.ElementCount() == 1 || tensor.ElementCount() == channels && tensor.Dims.Count > spatial && tensor.Dims[^(spatial + 1)] == channels);

    /// <summary>Replaces the constant of a node by a copy that is divided by a factor for each channel.</summary>
    public static void Divide(Graph scope, NodeProto node, int index, ReadOnlySpan<double> factors, int spatial)
    {
        var tensor = scope.Constant(node.Input[index]);
        var values = tensor.ToFloats();
        var divided = new float[factors.Length];
        for (var c = 0; c < divided.Length; c++)
            divided[c] = (float)(values[values.Length == 1 ? 0 : c] / factors[c]);
        // The new constant has one number for each channel. It has at least as many axes as the old constant, because the number of axes of a constant can
        // determine that of the sum.
        var shape = Enumerable.Repeat(1L, Math.Max(tensor.Dims.Count, spatial + 1)).ToArray();
        shape[^(spatial + 1)] = divided.Length;
        var name = scope.FreshName(node.Input[index]);
        scope.AddInitializer(Tensors.Create(name, shape, divided));
        scope.SetInput(node, index, name);
    }
}
