namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>The options of the step <c>cluster</c>.</summary>
/// <param name="Clusters">
/// The number of different values that a tensor keeps, 2 to 256. Up to 16 values are stored as 4-bit indices, more as 8-bit indices.
/// </param>
/// <param name="Form">The form in which the values are stored.</param>
/// <param name="Method">The method that assigns values to weights.</param>
/// <param name="PerChannel">Whether each output channel has its own values. The error is then smaller and the file larger.</param>
/// <param name="Bits">
/// The mean number of bits of an index in a zipped package, over the weights of all layers; 0 for no limit. The option needs calibration data.
/// </param>
/// <param name="Exclude">
/// Names of weights, or names or operator types of the nodes that read them, that the step skips, with <c>*</c> as a wildcard, separated by <c>|</c>.
/// </param>
internal sealed record ClusterOptions(
    int Clusters = 16,
    ClusterForm Form = ClusterForm.Codebook,
    ClusterMethod Method = ClusterMethod.Auto,
    bool PerChannel = false,
    double Bits = 0,
    string Exclude = ""
);
