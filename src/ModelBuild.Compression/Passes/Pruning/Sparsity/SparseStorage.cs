namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>How <c>prune</c> stores zeros.</summary>
internal enum SparseStorage
{
    /// <summary>As plain zeros, which every zip squeezes out.</summary>
    Dense,

    /// <summary>As ONNX sparse initializers, where those are smaller. Later steps do not see into them.</summary>
    Sparse,
}
