using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>
/// The weights of MatMulNBits or GatherBlockQuantized (ONNX Runtime's contributed operators), as the codes, scales and zero points of a DequantizeLinear with
/// blocks. Codes without zero points have the middle of the range as their zero point, and become signed codes with the zero point 0.
/// </summary>
internal sealed class BlockCodes
{
    private readonly byte[] _codes;
    private readonly TensorProto _scales;
    private readonly byte[]? _zeroPoints;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _bits;

    private BlockCodes(byte[] codes, TensorProto scales, byte[]? zeroPoints, int rows, int columns, int bits) =>
        (_codes, _scales, _zeroPoints, _rows, _columns, _bits) = (codes, scales, zeroPoints, rows, columns, bits);

    private int Blocks => (int)(_scales.ElementCount() / _rows);

    private DataType Type => CodePacking.ElementType(_bits, isSigned: _zeroPoints is null);

    /// <summary>Reads the weights of a node in codes; null for a form that DequantizeLinear does not have.</summary>
    /// <param name="scope">The graph of the node.</param>
    /// <param name="codes">The name of the codes: uint8, in rows that begin at a byte.</param>
    /// <param name="scales">The name of the scales [rows, blocks].</param>
    /// <param name="zeroPoints">The name of the packed zero points; empty for the middle of the range.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of weights of a row; null for all codes of a row.</param>
    /// <param name="bits">The bits of a code.</param>
    public static BlockCodes? Read(Graph scope, string codes, string scales, string zeroPoints, long rows, long? columns, long bits)
    {
        if (
            bits is not (4 or 8)
            || !scope.TryGetConstant(codes, out var packed)
            || packed.DataType != (int)DataType.Uint8
            || !scope.TryGetConstant(scales, out var scale)
            || scale.ElementCount() % rows != 0
        )
            return null;
        var stored = packed.ElementCount() * 8 / bits / rows;
        var width = columns ?? stored;
        var unpacked = CodePacking.Unpack(packed.Span<byte>(), checked((int)rows), checked((int)stored), (int)bits);
        packed.Release();
        byte[] used = width == stored ? unpacked : [.. unpacked.Chunk((int)stored).SelectMany(row => row.Take((int)width))];
        byte[]? points = null;
        if (zeroPoints.Length > 0)
        {
            if (!scope.TryGetConstant(zeroPoints, out var point) || point.DataType != (int)DataType.Uint8)
                return null;
            points = CodePacking.Unpack(point.Span<byte>(), (int)rows, (int)(scale.ElementCount() / rows), (int)bits);
        }

        return new BlockCodes(used, scale, points, (int)rows, (int)width, (int)bits);
    }

    /// <summary>Adds the codes, scales and zero points to a graph as initializers, and returns the DequantizeLinear node that computes the weights.</summary>
    /// <param name="scope">The graph.</param>
    /// <param name="name">The name that the names of the initializers begin with.</param>
    /// <param name="isTransposed">Whether the weights become [columns, rows].</param>
    /// <param name="blockSize">The number of weights of a block.</param>
    public NodeProto Dequantize(Graph scope, string name, bool isTransposed, long blockSize)
    {
        var codes = Tensors.Create(scope.FreshName($"{name}_int{_bits}"), Type, Shape(_columns, isTransposed), Pack(_codes, _columns, isTransposed));
        var elementBytes = _scales.RawData.Length / (int)_scales.ElementCount();
        var scales = Tensors.Create(
            scope.FreshName($"{name}_scales"),
            (DataType)_scales.DataType,
            Shape(Blocks, isTransposed),
            Ordered(_scales.RawData.ToByteArray(), Blocks, elementBytes, isTransposed)
        );
        scope.AddInitializer(codes);
        scope.AddInitializer(scales);
        List<string> inputs = [codes.Name, scales.Name];
        if (_zeroPoints is not null)
        {
            var points = Tensors.Create(scope.FreshName($"{name}_zero_points"), Type, Shape(Blocks, isTransposed), Pack(_zeroPoints, Blocks, isTransposed));
            scope.AddInitializer(points);
            inputs.Add(points.Name);
        }

        return Nodes.Create(
            "DequantizeLinear",
            inputs,
            [scope.FreshName($"{name}_dequantized")],
            attributes: [("axis", isTransposed ? 0L : 1L), ("block_size", blockSize)]
        );
    }

    private long[] Shape(int columns, bool isTransposed) => isTransposed ? [columns, _rows] : [_rows, columns];

    private byte[] Pack(byte[] codes, int columns, bool isTransposed) =>
        CodePacking.Pack(
            Ordered(codes, columns, elementBytes: 1, isTransposed),
            codes.Length,
            codes.Length,
            _bits,
            flip: _zeroPoints is null ? 1 << (_bits - 1) : 0
        );

    private byte[] Ordered(byte[] rows, int columns, int elementBytes, bool isTransposed)
    {
        if (!isTransposed)
            return rows;
        var result = new byte[rows.Length];
        for (var row = 0; row < _rows; row++)
        for (var column = 0; column < columns; column++)
            rows.AsSpan((row * columns + column) * elementBytes, elementBytes).CopyTo(result.AsSpan((column * _rows + row) * elementBytes));
        return result;
    }
}
