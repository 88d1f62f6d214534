using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>A layer whose weights were quantized, and how to write other codes into the model.</summary>
/// <param name="source">The layer's node in <see cref="QuantizedLayers.Reference"/>: Conv, ConvTranspose, Gemm or MatMul.</param>
/// <param name="input">The float value of the quantized model that the layer multiplies (after DequantizeLinear, where there is one).</param>
internal abstract class QuantizedLayer(NodeProto source, string input) : MeasuredLayer(source, input)
{
    /// <summary>The weights in real numbers, before rounding, [outputs, inputs of a group].</summary>
    public required float[] Weights { get; set; }

    /// <summary>How grids follow from weights.</summary>
    public required IGridRule GridRule { get; init; }

    /// <summary>The grid of all output channels.</summary>
    public required WeightGrid Grid { get; set; }

    /// <summary>The codes now in the model [outputs, inputs].</summary>
    public required int[] Codes { get; set; }
}
