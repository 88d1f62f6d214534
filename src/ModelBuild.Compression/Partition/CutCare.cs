namespace ModelBuild.Compression.Partition;

/// <summary>How careful the choice of places to cut is, the most careful first.</summary>
internal enum CutCare
{
    /// <summary>Only values that are still there after ONNX Runtime has fused what it fuses, so that the stages are fused as the whole is.</summary>
    Fusions,

    /// <summary>The same, but for whole numbers: sizes that many layers compute with may cross.</summary>
    FusionsOfFloats,

    /// <summary>Only values that do not belong to a neighbour, as a layer's result belongs to its activation and to its quantization.</summary>
    Neighbours,

    /// <summary>Any tensor.</summary>
    None,
}
