using System.Collections.Frozen;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>Sets of element types that tables of operators refer to.</summary>
internal static class ElementTypes
{
    /// <summary>The floating-point types of 16 and 32 bits: float32, float16 and bfloat16.</summary>
    public static readonly IReadOnlySet<DataType> Floats = Of(DataType.Float, DataType.Float16, DataType.Bfloat16);

    /// <summary>The floating-point types float32 and float16.</summary>
    public static readonly IReadOnlySet<DataType> Common = Of(DataType.Float, DataType.Float16);

    /// <summary>The types of <see cref="Floats"/>, and the signed integers of 32 and 64 bits.</summary>
    public static readonly IReadOnlySet<DataType> Numbers = Of([.. Floats, DataType.Int32, DataType.Int64]);

    /// <summary>The types of <see cref="Numbers"/>, and bool.</summary>
    public static readonly IReadOnlySet<DataType> NumbersAndTruth = Of([.. Numbers, DataType.Bool]);

    /// <summary>Only the type bool, the type of truth values.</summary>
    public static readonly IReadOnlySet<DataType> Truth = Of(DataType.Bool);

    /// <summary>Returns a set of element types.</summary>
    public static IReadOnlySet<DataType> Of(params DataType[] types) => types.ToFrozenSet();

    /// <summary>Returns the name of an element type as signatures write it, such as <c>float32</c>.</summary>
    public static string Name(DataType type) =>
        type switch
        {
            DataType.Float => "float32",
            DataType.Double => "float64",
            _ => type.ToString().ToLowerInvariant(),
        };
}
