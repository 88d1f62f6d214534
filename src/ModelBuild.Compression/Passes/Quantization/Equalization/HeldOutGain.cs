namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>When factors are worth taking.</summary>
internal static class HeldOutGain
{
    /// <summary>The share of the error that must go where the range is found in each call. A smaller gain may be one of these rows alone.</summary>
    public const double OfCall = 0.1;

    /// <summary>The share of the error that must go where other inputs may reach beyond a calibrated range, which cuts more channels off once all fill it.</summary>
    public const double Calibrated = 0.2;

    /// <summary>Whether an error on held-out rows falls by enough.</summary>
    /// <param name="plain">The squared error without the factors.</param>
    /// <param name="error">The squared error with them.</param>
    /// <param name="least">The share of the error that must go.</param>
    public static bool IsEnough(double plain, double error, double least) => error < (1 - least) * plain;
}
