namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>How <c>prune</c> stores zeros.</summary>
internal enum SparseStorage
{
    /// <summary>As zeros of dense tensors, which every zip compresses.</summary>
    Dense,

    /// <summary>As ONNX sparse initializers, if these are smaller. Later steps do not process them.</summary>
    Sparse,
}
