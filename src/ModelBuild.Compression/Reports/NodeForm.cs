namespace ModelBuild.Compression.Reports;

/// <summary>Specifies how a node computes after a step.</summary>
internal enum NodeForm
{
    /// <summary>The node computes in float32, on weights in float32.</summary>
    Float,

    /// <summary>The node computes in float32, on weights that are stored in int8.</summary>
    StoredInt8,

    /// <summary>The node computes in float32, on weights that are stored in int4.</summary>
    StoredInt4,

    /// <summary>The node computes in float32, on weights that are stored in float16.</summary>
    StoredFloat16,

    /// <summary>The node computes in float16.</summary>
    Float16,

    /// <summary>The node computes in bfloat16.</summary>
    Bfloat16,

    /// <summary>The node computes in integers, as ONNX Runtime's optimized graph shows.</summary>
    Integer,

    /// <summary>The node has a quantized form in the model. How a target computes it is not checked.</summary>
    Quantized,

    /// <summary>The node computes in float32, on weights of which some were set to zero.</summary>
    Pruned,
}
