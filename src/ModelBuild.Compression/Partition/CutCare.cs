namespace ModelBuild.Compression.Partition;

/// <summary>The strictness of the choice of cuts, the strictest first.</summary>
internal enum CutCare
{
    /// <summary>Only values that remain after ONNX Runtime's fusions may cross, so that the stages are fused like the whole model.</summary>
    Fusions,

    /// <summary>The same, but all integer values may cross, because many layers read the same sizes.</summary>
    FusionsOfFloats,

    /// <summary>Only values that do not belong to a neighbouring node may cross. The result of a layer belongs to its activation and quantization.</summary>
    Neighbours,

    /// <summary>All tensors may cross.</summary>
    None,
}
