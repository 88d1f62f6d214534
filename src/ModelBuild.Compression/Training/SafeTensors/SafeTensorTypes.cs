using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.SafeTensors;

/// <summary>The element types of the safetensors format that have an ONNX type of the same bits.</summary>
internal static class SafeTensorTypes
{
    private static readonly (string Name, DataType Type)[] _types =
    [
        ("BOOL", DataType.Bool),
        ("U8", DataType.Uint8),
        ("I8", DataType.Int8),
        ("F8_E5M2", DataType.Float8E5M2),
        ("F8_E4M3", DataType.Float8E4M3Fn),
        ("F8_E8M0", DataType.Float8E8M0),
        ("U16", DataType.Uint16),
        ("I16", DataType.Int16),
        ("F16", DataType.Float16),
        ("BF16", DataType.Bfloat16),
        ("U32", DataType.Uint32),
        ("I32", DataType.Int32),
        ("F32", DataType.Float),
        ("U64", DataType.Uint64),
        ("I64", DataType.Int64),
        ("F64", DataType.Double),
        ("C64", DataType.Complex64),
    ];

    /// <summary>Gets all ONNX types that the format has.</summary>
    public static IEnumerable<DataType> All => _types.Select(type => type.Type);

    /// <summary>Returns the name of a type in the format; null if the format has no such type.</summary>
    public static string? Name(DataType type) => _types.FirstOrDefault(known => known.Type == type).Name;

    /// <summary>Returns the ONNX type with a name; Undefined if the name is unknown.</summary>
    public static DataType Type(string name) => _types.FirstOrDefault(known => known.Name == name).Type;
}
