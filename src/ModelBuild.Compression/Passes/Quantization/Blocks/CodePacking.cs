using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>Codes of 4 bits two in a byte, the first in the lower half; codes of 8 bits as they are.</summary>
internal static class CodePacking
{
    /// <summary>ONNX's element type of codes.</summary>
    /// <param name="bits">4 or 8.</param>
    /// <param name="isSigned">Whether codes go below 0.</param>
    public static DataType ElementType(int bits, bool isSigned) =>
        (bits, isSigned) switch
        {
            (4, true) => DataType.Int4,
            (4, false) => DataType.Uint4,
            (_, true) => DataType.Int8,
            _ => DataType.Uint8,
        };

    /// <summary>Packs rows of <paramref name="columns"/> codes. Each row is filled up to <paramref name="paddedColumns"/> codes and begins a byte of its own.</summary>
    /// <param name="codes">The codes, row by row.</param>
    /// <param name="columns">The codes of a row.</param>
    /// <param name="paddedColumns">The codes of a row as it is stored.</param>
    /// <param name="bits">4 or 8.</param>
    /// <param name="flip">Combined with each code by exclusive or: half the range makes two's complement of a signed code less its least one.</param>
    public static byte[] Pack(ReadOnlySpan<byte> codes, int columns, int paddedColumns, int bits, int flip = 0)
    {
        var rows = codes.Length / columns;
        // Numbers of bits would overflow where a tensor of a gigabyte is one row.
        var codesPerByte = 8 / bits;
        var rowBytes = paddedColumns / codesPerByte + (paddedColumns % codesPerByte == 0 ? 0 : 1);
        var packed = new byte[checked(rows * rowBytes)];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var code = codes[row * columns + column] ^ flip;
            packed[row * rowBytes + column / codesPerByte] |= (byte)(bits == 8 ? code : code << (column % 2 * 4));
        }

        return packed;
    }

    /// <summary>Packs an even number of codes of 4 bits: those of the first half into the lower halves of the bytes, those of the second into the upper ones.</summary>
    public static byte[] PackHalves(ReadOnlySpan<byte> codes)
    {
        var packed = new byte[codes.Length / 2];
        for (var i = 0; i < packed.Length; i++)
            packed[i] = (byte)(codes[i] | codes[packed.Length + i] << 4);
        return packed;
    }
}
