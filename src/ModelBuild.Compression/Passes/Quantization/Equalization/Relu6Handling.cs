namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Specifies how <c>equalize</c> processes a Clip from 0 to a bound, such as ReLU6, between two layers.</summary>
internal enum Relu6Handling
{
    /// <summary>
    /// The Clip stays. A channel that reaches the bound is not scaled; another channel is scaled at most until its calibrated range, with a margin, reaches the
    /// bound. Equalization by weights skips the pair.
    /// </summary>
    Keep,

    /// <summary>The Clip becomes a Relu, so that every channel can be scaled. The result is not exact: values beyond the bound are no longer cut off.</summary>
    Relax,
}
