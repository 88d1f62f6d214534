namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>How an activation is quantized, whatever its range.</summary>
/// <param name="Type">The codes' type.</param>
/// <param name="IsSymmetric">Whether the zero point is the middle of the codes.</param>
internal readonly record struct ActivationForm(IntegerType Type, bool IsSymmetric)
{
    /// <summary>How many codes a range has: a symmetric one of signed codes leaves out the least, which has no opposite.</summary>
    public int Levels => IsSymmetric && Type.Min < 0 ? Type.Steps : Type.Steps + 1;
}
