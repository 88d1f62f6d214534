namespace ModelBuild.Compression.Signatures;

/// <summary>The kinds of ONNX values (TypeProto).</summary>
internal enum ValueKind
{
    /// <summary>A dense tensor.</summary>
    Tensor,

    /// <summary>A sparse tensor.</summary>
    Sparse,

    /// <summary>A list of values of the same type.</summary>
    Sequence,

    /// <summary>A dictionary with keys and values.</summary>
    Map,

    /// <summary>A value that may be absent.</summary>
    Optional,
}
