namespace ModelBuild.Protocol;

/// <summary>Specifies how the values of each band are normalized over the frames of a recording.</summary>
internal enum BandNormalization
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>Their mean is subtracted.</summary>
    Mean,

    /// <summary>Their mean is subtracted, and they are divided by their standard deviation (of n − 1 degrees of freedom) plus 1e-5, as in NeMo.</summary>
    MeanAndVariance,
}
