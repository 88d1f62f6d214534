namespace ModelBuild.Protocol;

/// <summary>Maps the element types of signatures to the data types of the Open Inference Protocol.</summary>
internal static class InferenceType
{
    /// <summary>The data type of strings, whose elements have no fixed size.</summary>
    public const string Bytes = "BYTES";

    /// <summary>Returns the data type of the protocol for an element type of signatures; null when the protocol has none.</summary>
    public static string? Of(string type) =>
        type switch
        {
            "float32" => "FP32",
            "float64" => "FP64",
            "float16" => "FP16",
            "bfloat16" => "BF16",
            "int8" => "INT8",
            "uint8" => "UINT8",
            "int16" => "INT16",
            "uint16" => "UINT16",
            "int32" => "INT32",
            "uint32" => "UINT32",
            "int64" => "INT64",
            "uint64" => "UINT64",
            "bool" => "BOOL",
            "string" => Bytes,
            _ => null,
        };

    /// <summary>Returns the size of an element of a data type in bytes; 0 for <see cref="Bytes"/>.</summary>
    public static int Size(string dataType) =>
        dataType switch
        {
            "FP64" or "INT64" or "UINT64" => 8,
            "FP32" or "INT32" or "UINT32" => 4,
            "FP16" or "BF16" or "INT16" or "UINT16" => 2,
            "INT8" or "UINT8" or "BOOL" => 1,
            _ => 0,
        };
}
