namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// Symmetric linear quantization to int8 with the narrow range −127…127, so that the zero point is 0 and no product overflows
/// (Jacob et al. 2018, section 2; ONNX QuantizeLinear): scale = max|w| / 127, q = round-half-even(w / scale).
/// Scalar float64 arithmetic: the same bytes on every processor.
/// </summary>
internal static class SymmetricInt8
{
    private const double Limit = 127;

    /// <summary>
    /// Quantizes <paramref name="weight"/>, whose shape is <paramref name="shape"/>, with one scale for each element of <paramref name="scaleShape"/>
    /// (same rank; 1 on the axes that share a scale). A slice of zeros gets the scale 1.
    /// </summary>
    public static (sbyte[] Values, float[] Scales) Quantize(ReadOnlySpan<float> weight, ReadOnlySpan<long> shape, ReadOnlySpan<long> scaleShape)
    {
        var slots = new ScaleSlots(shape, scaleShape);
        var largest = new float[slots.Count];
        slots.Reset();
        foreach (var value in weight)
        {
            ref var slot = ref largest[slots.Next()];
            slot = Math.Max(slot, Math.Abs(value));
        }

        var scales = new float[largest.Length];
        for (var i = 0; i < scales.Length; i++)
        {
            var scale = (float)(largest[i] / Limit);
            scales[i] = float.IsNormal(scale) ? scale : 1f;
        }

        var values = new sbyte[weight.Length];
        slots.Reset();
        for (var i = 0; i < weight.Length; i++)
            values[i] = (sbyte)Math.Clamp(Math.Round(weight[i] / (double)scales[slots.Next()], MidpointRounding.ToEven), -Limit, Limit);
        return (values, scales);
    }
}
