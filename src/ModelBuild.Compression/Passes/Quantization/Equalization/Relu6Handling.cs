namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>What <c>equalize</c> does to a Clip from 0 to a bound, such as ReLU6, between two layers.</summary>
public enum Relu6Handling
{
    /// <summary>It stays: a channel that reaches the bound is not scaled, another one is stretched at most until its calibrated range, with room to spare, reaches the bound.
    /// By weights the pair is left alone.</summary>
    Keep,

    /// <summary>It becomes a Relu, so that every channel can be scaled. Not exact: values beyond the bound are no longer cut off.</summary>
    Relax,
}
