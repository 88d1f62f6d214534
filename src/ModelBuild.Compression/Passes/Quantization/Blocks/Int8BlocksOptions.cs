using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>Options of <c>int8-blocks</c>.</summary>
/// <param name="BlockSize">Weights of an output channel that share a scale: 16, 32, 64, 128 or 256.</param>
/// <param name="Symmetric">Whether there are no zero points.</param>
/// <param name="Method">How the range of a block is chosen: <c>rtn</c>, <c>mse</c> or <c>hqq</c>.</param>
/// <param name="Balanced">Whether weights are rounded so that the errors of a block add up to nothing, rather than each to its nearest code.</param>
/// <param name="Format">What a matrix product becomes: <c>matmulnbits</c>, <c>qdq</c> or <c>stored</c>.</param>
/// <param name="AccuracyLevel">What MatMulNBits multiplies in: 4 for int8, 1 for float32, 0 for what ONNX Runtime likes best.</param>
/// <param name="Storage">How other weights are stored: a scale for each <c>block</c> or <c>channel</c>, or <c>none</c> for not at all.</param>
/// <param name="Exclude">Names of nodes or weights to leave alone, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record Int8BlocksOptions(
    int BlockSize = 128,
    bool Symmetric = true,
    GridSearch Method = GridSearch.Rtn,
    bool Balanced = true,
    BlockFormat Format = BlockFormat.Matmulnbits,
    int AccuracyLevel = 4,
    StorageGranularity Storage = StorageGranularity.Block,
    string Exclude = ""
);
