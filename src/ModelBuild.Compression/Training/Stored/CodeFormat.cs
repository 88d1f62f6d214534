using System.Runtime.InteropServices;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>The format in which a constant of a model stores the integer codes of weights.</summary>
/// <param name="name">The constant.</param>
/// <param name="type">Its element type.</param>
/// <param name="shape">Its shape.</param>
/// <param name="rows">The number of rows of codes, each of which begins at a byte; 1 if codes are not packed by rows.</param>
/// <param name="bits">The bits of a code.</param>
/// <param name="inHalves">Whether the lower halves of the bytes hold the first half of the codes, and the upper halves the second half.</param>
internal sealed class CodeFormat(string name, DataType type, long[] shape, int rows, int bits, bool inHalves = false)
{
    private const int Nibble = 4;

    /// <summary>Returns the format of a constant of integers whose elements are the codes; null if its element type is not one of codes.</summary>
    public static CodeFormat? Of(string name, TensorProto tensor) =>
        (DataType)tensor.DataType switch
        {
            DataType.Int4 or DataType.Uint4 => new CodeFormat(name, (DataType)tensor.DataType, [.. tensor.Dims], rows: 1, Nibble),
            DataType.Int8 or DataType.Uint8 => new CodeFormat(name, (DataType)tensor.DataType, [.. tensor.Dims], rows: 1, bits: 8),
            DataType.Int16 or DataType.Uint16 => new CodeFormat(name, (DataType)tensor.DataType, [.. tensor.Dims], rows: 1, bits: 16),
            _ => null,
        };

    /// <summary>Reads the codes from a constant as floats.</summary>
    public float[] Read(TensorProto tensor)
    {
        if (bits == 16)
            return type == DataType.Int16 ? Convert<short>(tensor, code => code) : Convert<ushort>(tensor, code => code);
        var bytes = tensor.Span<byte>();
        if (inHalves)
            return ReadHalves(tensor);
        // The number of codes in a row. The last byte of an odd number of 4-bit codes holds one code.
        var columns = bits == Nibble && rows == 1 ? (int)tensor.ElementCount() : bytes.Length / rows * 8 / bits;
        var codes = CodePacking.Unpack(bytes, rows, columns, bits);
        GC.KeepAlive(tensor);
        return type switch
        {
            DataType.Int8 => Array.ConvertAll(codes, code => (float)(sbyte)code),
            DataType.Int4 => Array.ConvertAll(codes, code => (float)((code ^ 8) - 8)),
            _ => Array.ConvertAll(codes, code => (float)code),
        };
    }

    /// <summary>Returns a constant in this format with other codes.</summary>
    public TensorProto Write(ReadOnlySpan<float> codes)
    {
        if (bits == 16)
        {
            var wide = new short[codes.Length];
            for (var i = 0; i < wide.Length; i++)
                wide[i] = unchecked((short)(int)codes[i]);
            return Tensors.Create(name, type, shape, MemoryMarshal.AsBytes(wide.AsSpan()).ToArray());
        }

        var bytes = new byte[codes.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = unchecked((byte)(bits == Nibble ? (int)codes[i] & 0xF : (int)codes[i]));
        return Tensors.Create(
            name,
            type,
            shape,
            inHalves ? CodePacking.PackHalves(bytes) : CodePacking.Pack(bytes, bytes.Length / rows, bytes.Length / rows, bits)
        );
    }

    private static float[] ReadHalves(TensorProto tensor) =>
        tensor.Read<byte, float[]>(bytes =>
        {
            var codes = new float[2 * bytes.Length];
            for (var i = 0; i < bytes.Length; i++)
                (codes[i], codes[bytes.Length + i]) = (bytes[i] & 0xF, bytes[i] >> Nibble);
            return codes;
        });

    private static float[] Convert<T>(TensorProto tensor, Func<T, float> convert)
        where T : unmanaged => tensor.Read<T, float[]>(codes => Array.ConvertAll(codes.ToArray(), code => convert(code)));
}
