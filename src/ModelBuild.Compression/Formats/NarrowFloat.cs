using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Formats;

/// <summary>A float of 16 bits that accelerators compute in.</summary>
/// <param name="Name">What recipes, names and receipts call it.</param>
/// <param name="Type">The element type.</param>
/// <param name="Largest">The largest finite number.</param>
/// <param name="Smallest">The smallest number above zero, a subnormal one.</param>
/// <param name="FirstOpset">The opset from which on models can be converted: Cast takes the type as a number, and operators broadcast.</param>
internal sealed record NarrowFloat(string Name, DataType Type, float Largest, float Smallest, long FirstOpset)
{
    /// <summary>IEEE 754 binary16: 11 bits of precision, little range.</summary>
    public static NarrowFloat Float16 { get; } = new("float16", DataType.Float16, 65504, 5.9604645e-8f, FirstOpset: 7);

    /// <summary>The upper half of a float32: its range, with 8 bits of precision.</summary>
    public static NarrowFloat Bfloat16 { get; } = new("bfloat16", DataType.Bfloat16, 3.3895314e38f, 9.1835496e-41f, FirstOpset: 13);

    /// <summary>The format that an option names.</summary>
    public static NarrowFloat Of(NarrowType type) => type == NarrowType.Float16 ? Float16 : Bfloat16;
}
