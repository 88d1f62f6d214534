namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>Specifies how <c>prune</c> stores zeros.</summary>
internal enum SparseStorage
{
    /// <summary>As zeros of dense tensors, which every zip compresses.</summary>
    Dense,

    /// <summary>As ONNX sparse initializers, if these are smaller. Later steps do not process them.</summary>
    Sparse,
}
