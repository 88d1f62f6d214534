namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>Specifies how the step <c>cluster</c> assigns values to weights.</summary>
internal enum ClusterMethod
{
    /// <summary><see cref="Gptq"/> with calibration data, <see cref="KMeans"/> without.</summary>
    Auto,

    /// <summary>Each weight gets the nearest value of optimal k-means. The method reads only the weights.</summary>
    KMeans,

    /// <summary>The assignment uses the activations of calibration: each weight compensates the errors of the weights before it.</summary>
    Gptq,
}
