using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// A layer of the main graph that a step changes, together with the original layer. Steps read and write its weights as [N, K], independent of their layout
/// in the model (<see cref="WeightLayout"/>).
/// </summary>
/// <param name="source">The layer's node in the reference model with its attributes. Its output is the target of the changed layer.</param>
/// <param name="input">The name of the float value of the changed model that the layer multiplies.</param>
internal abstract class MeasuredLayer(NodeProto source, string input)
{
    /// <summary>The layer's node in the reference model: Conv, ConvTranspose, Gemm or MatMul.</summary>
    public NodeProto Source { get; } = source;

    /// <summary>The name of the float value that the layer multiplies (after a DequantizeLinear node, if there is one).</summary>
    public string Input { get; } = input;

    /// <summary>The shape of the layer's weights in the model; null when it is that of the source.</summary>
    public IReadOnlyList<long>? WeightShape { get; init; }

    /// <summary>The number of groups; 1 for all layers except grouped convolutions.</summary>
    public required int Groups { get; init; }

    /// <summary>The number of output channels of all groups.</summary>
    public required int Outputs { get; init; }

    /// <summary>The number of inputs that one output channel multiplies.</summary>
    public required int Inputs { get; init; }

    /// <summary>The output channels of the source that the layer still computes, in order; null for all.</summary>
    public int[]? SourceChannels { get; set; }

    /// <summary>The number of weights of the layer in all groups.</summary>
    public int Count => Outputs * Inputs;

    /// <summary>The bias, one number for each output; null when the layer cannot have one.</summary>
    public required float[]? Bias { get; set; }

    /// <summary>Writes the changed weights and bias of the layer to the model.</summary>
    public abstract void Write();
}
