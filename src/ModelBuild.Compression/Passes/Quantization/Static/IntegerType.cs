using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>An integer type of quantized values.</summary>
/// <param name="Element">ONNX's element type.</param>
/// <param name="Min">The least code.</param>
/// <param name="Max">The greatest code.</param>
internal sealed record IntegerType(DataType Element, int Min, int Max)
{
    public static IntegerType UInt8 { get; } = new(DataType.Uint8, byte.MinValue, byte.MaxValue);

    public static IntegerType Int8 { get; } = new(DataType.Int8, sbyte.MinValue, sbyte.MaxValue);

    public static IntegerType UInt16 { get; } = new(DataType.Uint16, ushort.MinValue, ushort.MaxValue);

    public static IntegerType Int16 { get; } = new(DataType.Int16, short.MinValue, short.MaxValue);

    /// <summary>Whether the codes are fewer than those of the element type, so that a quantizer does not limit values to them.</summary>
    public bool IsNarrow => Steps < (IsWide ? ushort.MaxValue : byte.MaxValue);

    /// <summary>Returns a type in the same element type whose codes have a given number of bits.</summary>
    public IntegerType WithBits(int bits) =>
        Min < 0 ? this with { Min = -(1 << (bits - 1)), Max = (1 << (bits - 1)) - 1 } : this with { Max = (1 << bits) - 1 };

    /// <summary>Whether the type has 16 bits. Only accelerators compute with such types.</summary>
    public bool IsWide => Element is DataType.Uint16 or DataType.Int16;

    /// <summary>The number of steps between the least and the greatest code.</summary>
    public int Steps => Max - Min;

    /// <summary>Returns codes as bytes of this type, little-endian.</summary>
    public byte[] Bytes(ReadOnlySpan<int> codes)
    {
        var bytes = new byte[codes.Length * (IsWide ? 2 : 1)];
        for (var i = 0; i < codes.Length; i++)
            if (IsWide)
                System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), unchecked((short)codes[i]));
            else
                bytes[i] = unchecked((byte)codes[i]);
        return bytes;
    }
}
