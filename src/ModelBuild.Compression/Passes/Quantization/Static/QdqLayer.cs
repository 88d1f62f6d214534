using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// A layer between DequantizeLinear and QuantizeLinear: codes and scales of its weights, and its bias in int32 with the scale input scale · weight scale (ONNX QLinearConv), which makes
/// the sum of products and bias one integer sum.
/// </summary>
internal sealed class QdqLayer(Graph main, NodeProto node, NodeProto source, WeightLayout layout, IntegerType weightType, float inputScale, QdqNames names)
    : QuantizedLayer(source, node.Input[0])
{
    /// <summary>Bits that the bias may use of its 32, so that adding products cannot overflow.</summary>
    private const double MaxBias = int.MaxValue / 2.0;

    /// <summary>The least scale of each row with which its bias fits into int32.</summary>
    public static float[] LeastScales(ReadOnlySpan<float> bias, float inputScale)
    {
        var least = new float[bias.Length];
        for (var i = 0; i < least.Length; i++)
            least[i] = (float)(Math.Abs((double)bias[i]) / MaxBias / inputScale);
        return least;
    }

    public override void Write()
    {
        var isPerChannel = main.TryGetConstant(names.WeightScale, out var old) && old.Dims.Count == 1;
        float[] scales = isPerChannel ? Grid.Scales : [Grid.Scales[0]];
        main.ReplaceConstant(names.Weight, Tensors.Create(names.Weight, weightType.Element, layout.Shape, weightType.Bytes(layout.FromRows(Codes))));
        main.ReplaceConstant(names.WeightScale, Tensors.Create(names.WeightScale, isPerChannel ? [scales.Length] : [], scales));
        if (names.Bias is null || Bias is null)
            return;
        var biasScales = Array.ConvertAll(scales, scale => scale * inputScale);
        var codes = new int[Outputs];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (int)Math.Clamp(Math.Round(Bias[i] / (double)biasScales[isPerChannel ? i : 0], MidpointRounding.ToEven), -int.MaxValue, int.MaxValue);
        main.ReplaceConstant(names.Bias, Tensors.Create(names.Bias, [Outputs], codes));
        main.ReplaceConstant(names.BiasScale!, Tensors.Create(names.BiasScale!, isPerChannel ? [biasScales.Length] : [], biasScales));
    }
}
