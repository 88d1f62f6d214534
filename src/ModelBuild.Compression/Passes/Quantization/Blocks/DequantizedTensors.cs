using Google.Protobuf;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// The initializers of DequantizeLinear with blocks (ONNX opset 21) along axis 0: codes [K, N], scales float32 [blocks, N], and optional zero points [blocks,
/// N]. Codes are signed without zero points and unsigned with them.
/// </summary>
internal sealed class DequantizedTensors : IBlockTensors
{
    private readonly int _bits;

    public DequantizedTensors(Graph owner, string name, EncodedWeights weights, int bits)
    {
        var grid = weights.Grid;
        _bits = bits;
        var type = CodePacking.ElementType(bits, isSigned: grid.ZeroPoints is null);
        Codes = Tensors.Create(owner.FreshName($"{name}_int{bits}"), type, [grid.Columns, grid.Rows], Pack(weights));
        Scales = Tensors.Create(owner.FreshName($"{name}_scales"), [grid.Blocks, grid.Rows], Matrix.Transpose<float>(grid.Scales, grid.Blocks));
        if (grid.ZeroPoints is not null)
            ZeroPoints = Tensors.Create(owner.FreshName($"{name}_zero_points"), type, [grid.Blocks, grid.Rows], PackZeroPoints(weights));
        owner.AddInitializer(Codes);
        owner.AddInitializer(Scales);
        if (ZeroPoints is not null)
            owner.AddInitializer(ZeroPoints);
    }

    public TensorProto Codes { get; }

    public TensorProto Scales { get; }

    public TensorProto? ZeroPoints { get; }

    /// <inheritdoc/>
    public void Write(EncodedWeights weights)
    {
        Codes.RawData = UnsafeByteOperations.UnsafeWrap(Pack(weights));
        Scales.RawData = Tensors.Create("", [weights.Grid.Scales.Length], Matrix.Transpose<float>(weights.Grid.Scales, weights.Grid.Blocks)).RawData;
        if (ZeroPoints is not null)
            ZeroPoints.RawData = UnsafeByteOperations.UnsafeWrap(PackZeroPoints(weights));
    }

    private byte[] Pack(EncodedWeights weights) =>
        CodePacking.Pack(
            Matrix.Transpose<byte>(weights.Unsigned(_bits), weights.Grid.Columns),
            weights.Codes.Length,
            weights.Codes.Length,
            _bits,
            flip: weights.Grid.ZeroPoints is null ? 1 << (_bits - 1) : 0
        );

    private byte[] PackZeroPoints(EncodedWeights weights)
    {
        byte[] points = [.. Matrix.Transpose<float>(weights.Grid.ZeroPoints!, weights.Grid.Blocks).Select(point => (byte)point)];
        return CodePacking.Pack(points, points.Length, points.Length, _bits);
    }
}
