namespace ModelBuild.Compression.Formats;

/// <summary>
/// The int32 codes of the bias of a quantized layer. The scale of a bias is input scale · weight scale (ONNX QLinearConv), so that products and bias are one
/// integer sum.
/// </summary>
/// <param name="Codes">The code of each output.</param>
/// <param name="Scales">The scale of each code, or one scale for all codes.</param>
internal sealed record BiasCodes(int[] Codes, float[] Scales)
{
    /// <summary>Rounds the bias of a layer to the nearest int32 codes, with ties to even.</summary>
    /// <param name="bias">The bias in real numbers.</param>
    /// <param name="weightScales">The scales of the weights: one for each output, or one.</param>
    /// <param name="inputScale">The scale of the layer's input.</param>
    public static BiasCodes Round(ReadOnlySpan<float> bias, float[] weightScales, float inputScale)
    {
        var scales = Array.ConvertAll(weightScales, scale => scale * inputScale);
        var codes = new int[bias.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (int)Math.Clamp(Math.Round(bias[i] / (double)scales[scales.Length == 1 ? 0 : i], MidpointRounding.ToEven), -int.MaxValue, int.MaxValue);
        return new BiasCodes(codes, scales);
    }
}
