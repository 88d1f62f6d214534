using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// The header of a NumPy array file (numpy.lib.format, versions 1 to 3): a magic text, a version, and a Python dictionary with the
/// element type, the order, and the shape.
/// </summary>
internal sealed partial record NpyHeader(DataType Type, long[] Shape, int ElementSize)
{
    /// <summary>The length of the header in bytes: the offset of the first element in the file.</summary>
    public int Length { get; init; }

    private const int MagicLength = 8;
    private const int MaxHeaderLength = 65536;

    /// <summary>Reads the header and leaves the stream at the first element of the array.</summary>
    /// <exception cref="InvalidDataException">The stream is not a NumPy array, or its elements are not numbers or strings in C order.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[MagicLength];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !IsMagic(start))
            throw new InvalidDataException("it is not a NumPy array file");
        Span<byte> length = stackalloc byte[start[6] == 1 ? 2 : 4];
        stream.ReadExactly(length);
        var count = length.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > MaxHeaderLength)
            throw new InvalidDataException($"its header declares {count} bytes");
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return Parse(Encoding.UTF8.GetString(bytes)) with { Length = MagicLength + length.Length + bytes.Length };
    }

    /// <summary>Returns whether a file that starts with these bytes is a NumPy array.</summary>
    public static bool IsMagic(ReadOnlySpan<byte> start) => start[0] == 0x93 && start[1..6].SequenceEqual("NUMPY"u8);

    private static NpyHeader Parse(string header)
    {
        if (Description().Match(header) is not { Success: true } description || Shapes().Match(header) is not { Success: true } shape)
            throw new InvalidDataException("its header has no 'descr' or 'shape'");
        if (FortranOrder().IsMatch(header))
            throw new InvalidDataException("it is stored in Fortran order; save it with numpy.ascontiguousarray");
        var (type, size) = ElementType(description.Groups[1].Value);
        var sizes = shape
            .Groups[1]
            .Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture))
            .ToArray();
        return new NpyHeader(type, sizes, size);
    }

    private static (DataType Type, int Size) ElementType(string text) =>
        text switch
        {
            "<f4" => (DataType.Float, 4),
            "<f8" => (DataType.Double, 8),
            "<f2" => (DataType.Float16, 2),
            "|i1" or "<i1" => (DataType.Int8, 1),
            "|u1" or "<u1" => (DataType.Uint8, 1),
            "<i2" => (DataType.Int16, 2),
            "<u2" => (DataType.Uint16, 2),
            "<i4" => (DataType.Int32, 4),
            "<u4" => (DataType.Uint32, 4),
            "<i8" => (DataType.Int64, 8),
            "<u8" => (DataType.Uint64, 8),
            "|b1" => (DataType.Bool, 1),
            _ when text.StartsWith("<U", StringComparison.Ordinal) => (DataType.String, 4 * int.Parse(text[2..], CultureInfo.InvariantCulture)),
            _ => throw new InvalidDataException($"its element type '{text}' is not one that a model can take"),
        };

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex Description();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^)]*)\)")]
    private static partial Regex Shapes();

    [GeneratedRegex(@"'fortran_order'\s*:\s*True")]
    private static partial Regex FortranOrder();
}
