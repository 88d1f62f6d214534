using ModelBuild.Compression.Layers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>
/// A layer of the main graph whose weights were quantized: what it was made from, and how to write other codes into the model. The three layouts of weights
/// (Conv [N, K/groups, …], Gemm and MatMul [K, N] or [N, K]) are all seen as [N, K].
/// </summary>
/// <param name="source">The layer's node in <see cref="QuantizedLayers.Reference"/>: Conv, Gemm or MatMul.</param>
/// <param name="input">The float value of the quantized model that the layer multiplies (after DequantizeLinear, where there is one).</param>
internal abstract class QuantizedLayer(NodeProto source, string input)
{
    /// <summary>The layer's node in the reference model, with its attributes; its output there is what the quantized layer should answer.</summary>
    public NodeProto Source { get; } = source;

    /// <summary>The name of the float value that the quantized layer multiplies.</summary>
    public string Input { get; } = input;

    /// <summary>The number of groups; 1 for everything but grouped convolutions.</summary>
    public required int Groups { get; init; }

    /// <summary>The weights before rounding, [outputs, inputs of a group].</summary>
    public required float[] Weights { get; set; }

    /// <summary>The bias, one number for each output; null where the layer cannot have one.</summary>
    public required float[]? Bias { get; set; }

    /// <summary>All output channels.</summary>
    public required int Outputs { get; init; }

    /// <summary>The inputs that one output channel multiplies.</summary>
    public required int Inputs { get; init; }

    /// <summary>How grids follow from weights.</summary>
    public required IGridRule GridRule { get; init; }

    /// <summary>The grid of all output channels.</summary>
    public required WeightGrid Grid { get; set; }

    /// <summary>The codes now in the model [outputs, inputs].</summary>
    public required int[] Codes { get; set; }

    /// <summary>Writes <see cref="Grid"/>, <see cref="Codes"/> and <see cref="Bias"/> into the model.</summary>
    public abstract void Write();
}
