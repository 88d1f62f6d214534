namespace ModelBuild.Protocol;

/// <summary>Specifies how the values of each band are normalized over the frames of a recording.</summary>
internal enum BandNormalization
{
    /// <summary>The values are not changed.</summary>
    None,

    /// <summary>The mean of each band is subtracted from its values.</summary>
    Mean,

    /// <summary>
    /// The mean of each band is subtracted from its values, and they are divided by their standard deviation (of n − 1 degrees of freedom) plus 1e-5, as in
    /// NeMo.
    /// </summary>
    MeanAndVariance,
}
