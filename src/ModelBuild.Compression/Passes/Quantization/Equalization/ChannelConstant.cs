using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>A constant that is added to a value with channels: a layer's bias, or the operand of an Add.</summary>
internal static class ChannelConstant
{
    /// <summary>Whether the constant is one number, or one for each channel, so that it can be divided by a factor for each channel.</summary>
    /// <param name="scope">The scope of the node that reads it.</param>
    /// <param name="name">The constant's name.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="spatial">How many axes follow the channels' axis in what it is added to.</param>
    public static bool IsDivisible(Graph scope, string name, int channels, int spatial) =>
        scope.TryGetConstant(name, out var tensor)
        && tensor.DataType == (int)DataType.Float
        && (tensor.ElementCount() == 1 || tensor.ElementCount() == channels && tensor.Dims.Count > spatial && tensor.Dims[^(spatial + 1)] == channels);

    /// <summary>Gives a node its own copy of a divisible constant, divided by a factor for each channel.</summary>
    public static void Divide(Graph scope, NodeProto node, int index, ReadOnlySpan<double> factors, int spatial)
    {
        var tensor = scope.Constant(node.Input[index]);
        var values = tensor.ToFloats();
        var divided = new float[factors.Length];
        for (var c = 0; c < divided.Length; c++)
            divided[c] = (float)(values[values.Length == 1 ? 0 : c] / factors[c]);
        // One number keeps its axes: with more than the value has, it gives the sum more axes.
        var shape = Enumerable.Repeat(1L, Math.Max(tensor.Dims.Count, spatial + 1)).ToArray();
        shape[^(spatial + 1)] = divided.Length;
        var name = scope.FreshName(node.Input[index]);
        scope.AddInitializer(Tensors.Create(name, shape, divided));
        scope.SetInput(node, index, name);
    }
}
