using Google.Protobuf;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// The initializers of MatMulNBits (ONNX Runtime's contributed operators): codes uint8 [N, blocks, block · bits / 8] with the last block padded, scales
/// float32 [N, blocks], optional zero points uint8 [N, blocks · bits / 8], which are the middle of the range by default. GatherBlockQuantized has the same
/// initializers, with codes [N, K · bits / 8].
/// </summary>
internal sealed class NBitsTensors : IBlockTensors
{
    private readonly int _bits;
    private readonly int _paddedColumns;

    /// <param name="owner">The scope that gets the initializers.</param>
    /// <param name="name">The name from which the names of the initializers are derived.</param>
    /// <param name="weights">The first contents of the initializers.</param>
    /// <param name="bits">The bits of a code: 4 or 8.</param>
    /// <param name="isTable">Whether the initializers are those of GatherBlockQuantized, which has no padding.</param>
    public NBitsTensors(Graph owner, string name, EncodedWeights weights, int bits, bool isTable)
    {
        var grid = weights.Grid;
        _bits = bits;
        _paddedColumns = isTable ? grid.Columns : grid.Blocks * grid.BlockSize;
        var rowBytes = ((long)_paddedColumns * bits + 7) / 8;
        Codes = Tensors.Create(
            owner.FreshName($"{name}_int{bits}"),
            isTable ? [grid.Rows, rowBytes] : [grid.Rows, grid.Blocks, rowBytes / grid.Blocks],
            Pack(weights)
        );
        Scales = Tensors.Create(owner.FreshName($"{name}_scales"), [grid.Rows, grid.Blocks], grid.Scales);
        if (grid.ZeroPoints is not null)
            ZeroPoints = Tensors.Create(owner.FreshName($"{name}_zero_points"), [grid.Rows, (grid.Blocks * bits + 7) / 8], PackZeroPoints(weights));
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
        Scales.RawData = Tensors.Create("", [weights.Grid.Scales.Length], weights.Grid.Scales).RawData;
        if (ZeroPoints is not null)
            ZeroPoints.RawData = UnsafeByteOperations.UnsafeWrap(PackZeroPoints(weights));
    }

    private byte[] Pack(EncodedWeights weights) => CodePacking.Pack(weights.Unsigned(_bits), weights.Grid.Columns, _paddedColumns, _bits);

    private byte[] PackZeroPoints(EncodedWeights weights) =>
        CodePacking.Pack([.. weights.Grid.ZeroPoints!.Select(point => (byte)point)], weights.Grid.Blocks, weights.Grid.Blocks, _bits);
}
