using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>Rounds constants to 16 bits, to nearest, ties to even. Finite numbers stay finite, and numbers other than zero do not become zero.</summary>
internal sealed class NarrowedConstants(NarrowFloat format)
{
    private const int Piece = 4096;

    /// <summary>The number of finite elements beyond the range of the format, which are replaced by its largest number.</summary>
    public int Clamped { get; private set; }

    /// <summary>The number of elements that would round to zero, which are replaced by the smallest number above zero.</summary>
    public int Raised { get; private set; }

    /// <summary>Returns a copy of a float32 tensor that is rounded to 16 bits.</summary>
    public TensorProto Narrow(TensorProto tensor, string name) =>
        Tensors.Create(name, format.Type, [.. tensor.Dims], tensor.Read<float, byte[]>(values => Narrow(values)));

    private byte[] Narrow(ReadOnlySpan<float> values)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(values.Length * 2);
        var target = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
        var piece = new float[Math.Min(Piece, values.Length)];
        for (var start = 0; start < values.Length; start += Piece)
        {
            var count = Math.Min(Piece, values.Length - start);
            for (var i = 0; i < count; i++)
                piece[i] = InRange(values[start + i]);
            Round(piece.AsSpan(0, count), target[start..]);
        }

        return bytes;
    }

    private float InRange(float value)
    {
        var size = MathF.Abs(value);
        if (size > format.Largest && float.IsFinite(value))
        {
            Clamped++;
            return MathF.CopySign(format.Largest, value);
        }

        if (size >= format.Smallest || size == 0 || float.IsNaN(value))
            return value;
        Raised++;
        return MathF.CopySign(format.Smallest, value);
    }

    private void Round(ReadOnlySpan<float> values, Span<ushort> target)
    {
        if (format == NarrowFloat.Float16)
        {
            TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<ushort, Half>(target));
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            // A NaN is not rounded to bfloat16 like other values, because the addition that rounds could turn it into infinity.
            target[i] = float.IsNaN(values[i]) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
