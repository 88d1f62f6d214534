namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Specifies how <c>low-rank</c> divides convolutions.</summary>
internal enum LowRankMethod
{
    /// <summary>Each layer gets the form with the least error.</summary>
    Auto,

    /// <summary>Each layer is divided into a (k × 1) and a (1 × k) convolution.</summary>
    Spatial,

    /// <summary>Each layer is divided into a convolution with fewer outputs and a 1 × 1 convolution.</summary>
    Channel,
}
