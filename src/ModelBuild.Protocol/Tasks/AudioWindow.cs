namespace ModelBuild.Protocol;

/// <summary>Specifies the factors that the samples of a frame of n samples are multiplied by.</summary>
internal enum AudioWindow
{
    /// <summary>The factor of the sample i is 0.5 − 0.5 · cos(2πi / n).</summary>
    Hann,

    /// <summary>The factor of the sample i is 0.5 − 0.5 · cos(2πi / (n − 1)).</summary>
    HannSymmetric,

    /// <summary>The factor of the sample i is 0.54 − 0.46 · cos(2πi / n).</summary>
    Hamming,

    /// <summary>The factor of the sample i is 0.54 − 0.46 · cos(2πi / (n − 1)).</summary>
    HammingSymmetric,

    /// <summary>The symmetric Hann window to the power of 0.85, as in Kaldi.</summary>
    Povey,

    /// <summary>The factor of all samples is 1.</summary>
    Rectangular,
}
