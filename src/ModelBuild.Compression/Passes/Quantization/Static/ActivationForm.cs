namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The element type and symmetry with which an activation is quantized, apart from its range.</summary>
/// <param name="Type">The type of the codes.</param>
/// <param name="IsSymmetric">Whether the zero point is the middle of the codes.</param>
internal readonly record struct ActivationForm(IntegerType Type, bool IsSymmetric)
{
    /// <summary>The number of codes of a range. A symmetric range of a signed type does not use the least code, because its negation overflows.</summary>
    public int Levels => IsSymmetric && Type.Min < 0 ? Type.Steps : Type.Steps + 1;
}
