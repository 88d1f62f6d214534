namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>How weights find their value.</summary>
internal enum ClusterMethod
{
    /// <summary><see cref="Gptq"/> with calibration data, <see cref="KMeans"/> without.</summary>
    Auto,

    /// <summary>The nearest value of optimal k-means, which looks at nothing but the weights.</summary>
    KMeans,

    /// <summary>On what layers see in calibration: each weight makes good the errors of those before it.</summary>
    Gptq,
}
