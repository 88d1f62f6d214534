namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Specifies how <c>low-rank</c> divides convolutions.</summary>
internal enum LowRankMethod
{
    /// <summary>For each layer the form with the least error.</summary>
    Auto,

    /// <summary>A (k × 1) and a (1 × k) convolution.</summary>
    Spatial,

    /// <summary>A convolution with fewer outputs and a 1 × 1 convolution.</summary>
    Channel,
}
