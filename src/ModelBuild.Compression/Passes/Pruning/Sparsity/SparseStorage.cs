namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>Specifies how <c>prune</c> stores zeros.</summary>
internal enum SparseStorage
{
    /// <summary>The zeros are stored in dense tensors, which every zip compresses.</summary>
    Dense,

    /// <summary>The weights are stored as ONNX sparse initializers, if these are smaller. Later steps do not process them.</summary>
    Sparse,
}
