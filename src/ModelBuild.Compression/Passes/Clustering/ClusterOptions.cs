namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>Options of <c>cluster</c>.</summary>
/// <param name="Clusters">How many different values a tensor keeps, 2 to 256. Up to 16 are stored in 4 bits, more in 8.</param>
/// <param name="Form">How they are stored.</param>
/// <param name="Method">How weights find their value.</param>
/// <param name="PerChannel">Values for each output channel rather than for the tensor: nearer, and larger.</param>
/// <param name="Bits">How many bits an index may take in a zipped package, as the mean over the weights of all layers; 0 for any number. Needs data.</param>
/// <param name="Exclude">Names of weights, or names or operator types of the nodes that read them, to leave alone, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record ClusterOptions(
    int Clusters = 16,
    ClusterForm Form = ClusterForm.Codebook,
    ClusterMethod Method = ClusterMethod.Auto,
    bool PerChannel = false,
    double Bits = 0,
    string Exclude = ""
);
