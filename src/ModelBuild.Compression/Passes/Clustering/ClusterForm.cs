namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>Specifies how clustered weights are stored.</summary>
internal enum ClusterForm
{
    /// <summary>A codebook and indices of 4 or 8 bits. ONNX Runtime computes the weights from them when it loads the model.</summary>
    Codebook,

    /// <summary>Plain float32 tensors in which values recur. They are small only inside a zipped package.</summary>
    Shared,
}
