using ModelBuild.Compression.Formats;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// A layer between DequantizeLinear and QuantizeLinear: the codes and scales of its weights, and its bias in int32. The scale of the bias is input scale ·
/// weight scale (ONNX QLinearConv), so that products and bias are one integer sum.
/// </summary>
internal sealed class QdqLayer(Graph main, NodeProto node, NodeProto source, WeightLayout layout, IntegerType weightType, float inputScale, QdqNames names)
    : QuantizedLayer(source, node.Input[0])
{
    /// <summary>The largest code of a bias. It is half of the int32 range, so that adding products cannot overflow.</summary>
    private const double MaxBias = int.MaxValue / 2.0;

    /// <summary>Returns the least scale of each row with which its bias fits into int32.</summary>
    public static float[] MinScales(ReadOnlySpan<float> bias, float inputScale)
    {
        var least = new float[bias.Length];
        for (var i = 0; i < least.Length; i++)
            least[i] = (float)(Math.Abs((double)bias[i]) / MaxBias / inputScale);
        return least;
    }

    /// <summary>Writes the scales of the weights, and the codes of the bias.</summary>
    /// <param name="main">The graph.</param>
    /// <param name="names">The layer's initializers.</param>
    /// <param name="scales">One scale for each output channel, or one scale.</param>
    /// <param name="inputScale">The scale of the layer's input.</param>
    /// <param name="bias">The bias in real numbers; null if there is none.</param>
    public static void WriteScales(Graph main, QdqNames names, float[] scales, float inputScale, float[]? bias)
    {
        long[] shape = [.. main.Constant(names.WeightScale).Dims];
        main.ReplaceConstant(names.WeightScale, Tensors.Create(names.WeightScale, shape, scales));
        if (names.Bias is not null && bias is not null)
            WriteBias(main, names.Bias, names.BiasScale!, scales, inputScale, bias);
    }

    /// <summary>Writes the codes of a bias.</summary>
    /// <param name="main">The graph.</param>
    /// <param name="name">The initializer of the codes.</param>
    /// <param name="scaleName">The initializer of the scales of the codes.</param>
    /// <param name="scales">The scales of the weights: one for each output channel, or one.</param>
    /// <param name="inputScale">The scale of the layer's input.</param>
    /// <param name="bias">The bias in real numbers.</param>
    public static void WriteBias(Graph main, string name, string scaleName, float[] scales, float inputScale, float[] bias)
    {
        long[] shape = [.. main.Constant(scaleName).Dims];
        var rounded = BiasCodes.Round(bias, scales, inputScale);
        main.ReplaceConstant(name, Tensors.Create(name, [bias.Length], rounded.Codes));
        main.ReplaceConstant(scaleName, Tensors.Create(scaleName, shape, rounded.Scales));
    }

    public override void Write()
    {
        main.ReplaceConstant(names.Weight, Tensors.Create(names.Weight, weightType.Element, layout.Shape, Encoded.ToTensor(layout)));
        WriteScales(main, names, main.Constant(names.WeightScale).Dims.Count == 1 ? Encoded.Grid.Scales : [Encoded.Grid.Scales[0]], inputScale, Bias);
    }
}
