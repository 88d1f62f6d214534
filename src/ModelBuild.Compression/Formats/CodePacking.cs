using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Formats;

/// <summary>Packs codes: 4-bit codes two in a byte, the first in the lower half; 8-bit codes unchanged.</summary>
internal static class CodePacking
{
    /// <summary>Returns ONNX's element type of the codes.</summary>
    /// <param name="bits">The bits of a code: 4 or 8.</param>
    /// <param name="isSigned">Whether codes can be negative.</param>
    public static DataType ElementType(int bits, bool isSigned) =>
        (bits, isSigned) switch
        {
            (4, true) => DataType.Int4,
            (4, false) => DataType.Uint4,
            (_, true) => DataType.Int8,
            _ => DataType.Uint8,
        };

    /// <summary>Packs rows of <paramref name="columns"/> codes. Each row is padded to <paramref name="paddedColumns"/> codes and begins at a byte.</summary>
    /// <param name="codes">The codes in row-major order.</param>
    /// <param name="columns">The number of codes of a row.</param>
    /// <param name="paddedColumns">The number of codes of a stored row.</param>
    /// <param name="bits">The bits of a code: 4 or 8.</param>
    /// <param name="flip">Combined with each code by exclusive or. Half of the range converts unsigned codes to two's complement.</param>
    public static byte[] Pack(ReadOnlySpan<byte> codes, int columns, int paddedColumns, int bits, int flip = 0)
    {
        var rows = codes.Length / columns;
        // The positions of codes are computed in bytes, because a number of bits would overflow an int for a row of a gigabyte.
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

    /// <summary>Unpacks rows of codes that <see cref="Pack"/> packed.</summary>
    /// <param name="packed">The bytes.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of codes of a stored row.</param>
    /// <param name="bits">The bits of a code: 4 or 8.</param>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int rows, int columns, int bits)
    {
        var codesPerByte = 8 / bits;
        var rowBytes = (columns + codesPerByte - 1) / codesPerByte;
        var codes = new byte[checked(rows * columns)];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var value = packed[row * rowBytes + column / codesPerByte];
            codes[row * columns + column] = (byte)(bits == 8 ? value : (value >> (column % codesPerByte * 4)) & 0xF);
        }

        return codes;
    }

    /// <summary>
    /// Packs an even number of 4-bit codes: the first half of the codes into the lower halves of the bytes, the second half into the upper halves.
    /// </summary>
    public static byte[] PackHalves(ReadOnlySpan<byte> codes)
    {
        var packed = new byte[codes.Length / 2];
        for (var i = 0; i < packed.Length; i++)
            packed[i] = (byte)(codes[i] | codes[packed.Length + i] << 4);
        return packed;
    }
}
