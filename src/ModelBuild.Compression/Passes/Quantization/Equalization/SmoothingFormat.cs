using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Passes.Quantization.Blocks;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The format in which the products of an activation will be quantized.</summary>
/// <param name="Activations">The format in which activations are quantized.</param>
/// <param name="PerChannel">Whether weights in int8 have a scale for each output channel.</param>
/// <param name="Outliers">The largest number of columns of an activation that stay in float32.</param>
/// <param name="Blocks">The settings of weights that have a scale for each block of inputs; null for other weights.</param>
internal sealed record SmoothingFormat(SmoothedActivations Activations, bool PerChannel, int Outliers = 0, BlockSettings? Blocks = null)
{
    // The accuracy level of MatMulNBits that multiplies in int8.
    private const int IntegerLevel = 4;

    private static readonly SmoothingFormat Default = new(SmoothedActivations.OfCall, PerChannel: true);

    /// <summary>
    /// Returns the format of the recipe's next step that quantizes products. If there is none, or it is <c>int8</c>, the format of <c>int8-dynamic</c> without
    /// outliers is an approximation.
    /// </summary>
    /// <param name="following">The steps after <c>smooth-quant</c>.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1005: an option of the next step has a value that does not exist.</exception>
    public static SmoothingFormat Of(IEnumerable<RecipeStep> following) =>
        following
            .Select(step =>
                step.Options switch
                {
                    Int8DynamicOptions dynamic => new SmoothingFormat(SmoothedActivations.OfCall, dynamic.PerChannel, dynamic.Outliers),
                    Int4Options blocks => Of(BlockSettings.Of(blocks)),
                    Int8BlocksOptions blocks => Of(BlockSettings.Of(blocks)),
                    Int8WeightsOptions weights => new SmoothingFormat(SmoothedActivations.Float, weights.PerChannel),
                    Static.Int8Options => Default,
                    _ => null,
                }
            )
            .FirstOrDefault(format => format is not null)
        ?? Default;

    /// <summary>Returns the weights after quantization, as floats.</summary>
    /// <param name="weights">The weights [outputs, inputs].</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="isLast">Whether the product computes the output of the model.</param>
    public float[] Rounded(float[] weights, int inputs, bool isLast) =>
        Blocks is { } blocks ? RoundedInBlocks(weights, inputs, blocks, isLast ? blocks.LastLayerBits : blocks.Bits) : RoundedToInt8(weights, inputs);

    private static SmoothingFormat Of(BlockSettings blocks) =>
        new(
            blocks.Format == BlockFormat.Qdq || (blocks.Format == BlockFormat.Matmulnbits && blocks.AccuracyLevel == IntegerLevel)
                ? SmoothedActivations.OfBlock
                : SmoothedActivations.Float,
            PerChannel: true,
            Blocks: blocks
        );

    private float[] RoundedToInt8(float[] weights, int inputs)
    {
        var outputs = weights.Length / inputs;
        var (codes, scales) = SymmetricInt8.Quantize(weights, [outputs, inputs], [PerChannel ? outputs : 1, 1]);
        var rounded = new float[weights.Length];
        for (var i = 0; i < rounded.Length; i++)
            rounded[i] = codes[i] * scales[PerChannel ? i / inputs : 0];
        return rounded;
    }

    private static float[] RoundedInBlocks(float[] weights, int inputs, BlockSettings blocks, int bits)
    {
        var outputs = weights.Length / inputs;
        var size = blocks.BlockFor(inputs);
        var rule = blocks.Format == BlockFormat.Stored ? blocks.StoredGrid(bits, size) : blocks.WholeGrid(bits, size);
        var matrix = WeightMatrix.ByRows(Tensors.Create("", [outputs, inputs], weights), outputs);
        var encoded = EncodedWeights.Encode(matrix, rule, blocks.Balanced ? 1 : 0, CancellationToken.None);
        var codes = encoded.Read(0, outputs);
        var rounded = new float[weights.Length];
        for (var i = 0; i < rounded.Length; i++)
            rounded[i] = (float)encoded.Grid.Value(i / inputs, i % inputs, codes[i]);
        return rounded;
    }
}
