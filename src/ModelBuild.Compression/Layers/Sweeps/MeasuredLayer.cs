using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// A layer of the main graph that a step changes, beside the layer that it was made from. Whatever the layout of its weights (<see cref="WeightLayout"/>) is,
/// steps read and write them as [N, K].
/// </summary>
/// <param name="source">The layer's node in the reference model, with its attributes; its output there is what the changed layer should answer.</param>
/// <param name="input">The float value of the changed model that the layer multiplies.</param>
internal abstract class MeasuredLayer(NodeProto source, string input)
{
    /// <summary>The layer's node in the reference model: Conv, ConvTranspose, Gemm or MatMul.</summary>
    public NodeProto Source { get; } = source;

    /// <summary>The name of the float value that the layer multiplies (after DequantizeLinear, where there is one).</summary>
    public string Input { get; } = input;

    /// <summary>The shape of the layer's weights in the model; null where it is the source's.</summary>
    public IReadOnlyList<long>? WeightShape { get; init; }

    /// <summary>The number of groups; 1 for everything but grouped convolutions.</summary>
    public required int Groups { get; init; }

    /// <summary>All output channels.</summary>
    public required int Outputs { get; init; }

    /// <summary>The inputs that one output channel multiplies.</summary>
    public required int Inputs { get; init; }

    /// <summary>Which of the source's output channels the layer still gives, in order; null for all.</summary>
    public int[]? SourceChannels { get; set; }

    /// <summary>The number of weights.</summary>
    public int Count => Outputs * Inputs;

    /// <summary>The bias, one number for each output; null where the layer cannot have one.</summary>
    public required float[]? Bias { get; set; }

    /// <summary>Writes what was changed into the model.</summary>
    public abstract void Write();
}
