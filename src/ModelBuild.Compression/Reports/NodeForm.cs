namespace ModelBuild.Compression.Reports;

/// <summary>Specifies how a node computes after a step.</summary>
internal enum NodeForm
{
    /// <summary>In float32, on weights in float32.</summary>
    Float,

    /// <summary>In float32, on weights that are stored in int8.</summary>
    StoredInt8,

    /// <summary>In float32, on weights that are stored in int4.</summary>
    StoredInt4,

    /// <summary>In float32, on weights that are stored in float16.</summary>
    StoredFloat16,

    /// <summary>In float16.</summary>
    Float16,

    /// <summary>In bfloat16.</summary>
    Bfloat16,

    /// <summary>In integers, as ONNX Runtime's optimized graph shows.</summary>
    Integer,

    /// <summary>In the quantized form of the model. How a target computes it is not checked.</summary>
    Quantized,

    /// <summary>In float32, on weights of which some were set to zero.</summary>
    Pruned,
}
