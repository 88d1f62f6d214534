namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The least reductions of an error on held-out rows for which factors are applied.</summary>
internal static class HeldOutGain
{
    /// <summary>
    /// The least share by which the error must decrease if the range is computed in each call. A smaller gain may be an accident of the held-out rows.
    /// </summary>
    public const double OfCall = 0.1;

    /// <summary>
    /// The least share by which the error must decrease for a calibrated range. Other inputs may exceed the range, and more channels are cut off once all of
    /// them fill it.
    /// </summary>
    public const double Calibrated = 0.2;

    /// <summary>Returns whether the error on held-out rows decreases enough.</summary>
    /// <param name="plain">The squared error without the factors.</param>
    /// <param name="error">The squared error with them.</param>
    /// <param name="least">The share by which the error must decrease.</param>
    public static bool IsEnough(double plain, double error, double least) => error < (1 - least) * plain;
}
