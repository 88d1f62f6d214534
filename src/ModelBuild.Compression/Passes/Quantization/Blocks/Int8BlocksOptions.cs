using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The options of the step <c>int8-blocks</c>.</summary>
/// <param name="BlockSize">The number of weights of an output channel that share a scale: 16, 32, 64, 128 or 256.</param>
/// <param name="Symmetric">Whether there are no zero points.</param>
/// <param name="Method">The method that chooses the range of a block: <c>rtn</c>, <c>mse</c> or <c>hqq</c>.</param>
/// <param name="Balanced">Whether weights are rounded so that the sum of the errors of a block is near zero, rather than each to its nearest code.</param>
/// <param name="Format">The form of a matrix product: <c>matmulnbits</c>, <c>qdq</c> or <c>stored</c>.</param>
/// <param name="AccuracyLevel">The arithmetic of MatMulNBits: 4 for int8, 1 for float32, 0 for ONNX Runtime's choice.</param>
/// <param name="Storage">The storage of other weights: a scale for each <c>block</c> or <c>channel</c>, or <c>none</c> to keep float32.</param>
/// <param name="Exclude">Names of nodes or weights that the step skips, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
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
