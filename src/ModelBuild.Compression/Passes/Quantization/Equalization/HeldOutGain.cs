namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>When factors are worth taking.</summary>
internal static class HeldOutGain
{
    // A gain below this share of the error may be one of these rows alone.
    private const double Least = 0.1;

    /// <summary>Whether an error on held-out rows falls by enough.</summary>
    /// <param name="plain">The squared error without the factors.</param>
    /// <param name="error">The squared error with them.</param>
    public static bool IsEnough(double plain, double error) => error < (1 - Least) * plain;
}
