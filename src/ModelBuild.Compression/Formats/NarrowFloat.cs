using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Formats;

/// <summary>A 16-bit float format of accelerators.</summary>
/// <param name="Name">The name in recipes, node names and receipts.</param>
/// <param name="Type">The element type.</param>
/// <param name="Largest">The largest finite number.</param>
/// <param name="Smallest">The smallest positive number, which is subnormal.</param>
/// <param name="FirstOpset">The first opset whose models can be converted: Cast takes the type as a number, and operators broadcast.</param>
internal sealed record NarrowFloat(string Name, DataType Type, float Largest, float Smallest, long FirstOpset)
{
    /// <summary>The format float16: IEEE 754 binary16, with 11 bits of precision and a largest value of 65504.</summary>
    public static NarrowFloat Float16 { get; } = new("float16", DataType.Float16, 65504, 5.9604645e-8f, FirstOpset: 7);

    /// <summary>The format bfloat16: the upper half of a float32, with 8 bits of precision and the range of float32.</summary>
    public static NarrowFloat Bfloat16 { get; } = new("bfloat16", DataType.Bfloat16, 3.3895314e38f, 9.1835496e-41f, FirstOpset: 13);

    /// <summary>Returns the 16-bit format that the option of a step names.</summary>
    public static NarrowFloat Of(NarrowType type) => type == NarrowType.Float16 ? Float16 : Bfloat16;
}
