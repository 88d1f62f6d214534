namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The affine map of a quantized activation (Jacob et al. 2018, arXiv 1712.05877; ONNX QuantizeLinear): x = scale · (code − zero point).
/// </summary>
/// <param name="Type">The type of the codes.</param>
/// <param name="Scale">The distance between two codes.</param>
/// <param name="ZeroPoint">The code of 0.</param>
internal sealed record Affine(IntegerType Type, float Scale, int ZeroPoint)
{
    /// <summary>Returns the affine map whose codes cover a range. The number 0 is always represented exactly.</summary>
    /// <param name="type">The type of the codes.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="isSymmetric">Whether the zero point is the middle of the codes.</param>
    public static Affine Cover(IntegerType type, float min, float max, bool isSymmetric)
    {
        double low = Math.Min(min, 0),
            high = Math.Max(max, 0);
        var least = type.Min;
        if (isSymmetric)
        {
            high = Math.Max(-low, high);
            low = -high;
            // The least code of a signed type, such as −128, is not used, because its negation overflows.
            least = type.Min < 0 ? -type.Max : type.Min;
        }

        var scale = (float)((high - low) / (type.Max - least));
        if (!float.IsNormal(scale))
            return new Affine(type, 1, isSymmetric ? Middle(type) : Math.Max(0, type.Min));
        var zero = isSymmetric ? Middle(type) : (int)Math.Clamp(Math.Round(least - low / scale, MidpointRounding.ToEven), type.Min, type.Max);
        return new Affine(type, scale, zero);
    }

    /// <summary>Returns the code that is nearest to a number.</summary>
    public int Code(float value) => (int)Math.Clamp(Math.Round(value / (double)Scale, MidpointRounding.ToEven) + ZeroPoint, Type.Min, Type.Max);

    private static int Middle(IntegerType type) => type.Min < 0 ? 0 : (type.Max + 1) / 2;
}
