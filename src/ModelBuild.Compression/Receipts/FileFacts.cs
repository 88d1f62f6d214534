using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Receipts;

/// <summary>The size of a model.</summary>
/// <param name="Bytes">Bytes on disk, external data included.</param>
/// <param name="ZippedBytes">Bytes after deflate, as in a package or an archive (over 4 MB, by samples at even distances).</param>
/// <param name="MemoryBytes">Bytes of constants that a loaded session holds, computed from the graph: weights stored narrow may be float32 again there.</param>
/// <param name="Parameters">Elements of all constant tensors of weights (floats, and integers of 8 bits or less).</param>
/// <param name="Sha256">SHA-256 of the file, and of its external data after it, in lower-case hexadecimal.</param>
public sealed record FileFacts(long Bytes, long ZippedBytes, long MemoryBytes, long Parameters, string Sha256)
{
    /// <summary>Whether tensors of this type are counted as weights rather than as shapes, indices or texts.</summary>
    public static bool IsWeight(DataType type) => type is not (DataType.Int16 or DataType.Uint16 or DataType.Int32 or DataType.Uint32 or DataType.Int64 or DataType.Uint64
        or DataType.Bool or DataType.String);
}
