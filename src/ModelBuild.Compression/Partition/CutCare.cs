namespace ModelBuild.Compression.Partition;

/// <summary>Specifies how strict the choice of cuts between stages is, the strictest rule first.</summary>
internal enum CutCare
{
    /// <summary>Only values that remain after ONNX Runtime's fusions may cross, so that the stages are fused like the whole model.</summary>
    Fusions,

    /// <summary>Only values that remain after ONNX Runtime's fusions may cross, or integer values, because many layers read the same sizes.</summary>
    FusionsOfFloats,

    /// <summary>Only values that do not belong to a neighbouring node may cross. The result of a layer belongs to its activation and quantization.</summary>
    Neighbours,

    /// <summary>All tensors may cross from one stage to another.</summary>
    None,
}
