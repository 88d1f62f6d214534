namespace ModelBuild.Protocol;

/// <summary>The factors of the samples of a frame of n samples.</summary>
internal enum AudioWindow
{
    /// <summary>0.5 − 0.5 · cos(2πi / n).</summary>
    Hann,

    /// <summary>0.5 − 0.5 · cos(2πi / (n − 1)).</summary>
    HannSymmetric,

    /// <summary>0.54 − 0.46 · cos(2πi / n).</summary>
    Hamming,

    /// <summary>0.54 − 0.46 · cos(2πi / (n − 1)).</summary>
    HammingSymmetric,

    /// <summary>The symmetric Hann window to the power of 0.85, as in Kaldi.</summary>
    Povey,

    /// <summary>1.</summary>
    Rectangular,
}
