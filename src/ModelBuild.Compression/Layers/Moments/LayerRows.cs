using ModelBuild.Compression.Calibration;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Reads one call of a Conv, ConvTranspose, Gemm or MatMul as rows of one linear layer with the weights [N, K]: each position of an image, a sequence or a batch
/// has a row of K inputs and a row of N outputs.
/// </summary>
internal abstract class LayerRows
{
    /// <summary>The rows of a layer.</summary>
    /// <param name="layer">A Conv, ConvTranspose, Gemm or MatMul whose second input is constant.</param>
    /// <param name="weightShape">The shape of the weights: with fewer channels than the layer has, where some are gone.</param>
    /// <param name="groups">The number of groups; as many as in the layer, or fewer where channels are gone.</param>
    /// <param name="outputChannels">Which of the layer's output channels are the targets; null for all.</param>
    public static LayerRows Of(NodeProto layer, IReadOnlyList<long> weightShape, int groups = 1, int[]? outputChannels = null) =>
        layer.OpType switch
        {
            "Conv" => new ConvRows(layer, weightShape, groups, outputChannels),
            "ConvTranspose" => new ConvTransposeRows(layer, weightShape, groups, outputChannels),
            _ => new MatrixRows(transposed: layer.OpType == "Gemm" && layer.GetInt("transA", 0) != 0, outputChannels),
        };

    /// <summary>How many rows a call with this shape of outputs has.</summary>
    public abstract long Count(ReadOnlySpan<long> outputShape);

    /// <summary>
    /// The rows of one call: one of each <paramref name="stride"/> consecutive ones, at a place that changes from one to the next, since a fixed step would
    /// prefer some columns of an image.
    /// </summary>
    /// <param name="x">The call's input and its shape.</param>
    /// <param name="y">The call's output and its shape.</param>
    /// <param name="group">Which group of a convolution.</param>
    /// <param name="stride">1 for all rows.</param>
    /// <param name="call">The call's number, from which the places follow.</param>
    /// <param name="counted">Which positions count; null for all. The others, such as the padding of a sentence, are left out.</param>
    /// <returns>Inputs [rows, K] and targets [rows, N].</returns>
    public (float[] X, float[] Y) Take(FloatView x, FloatView y, int group, int stride, int call, bool[]? counted = null)
    {
        long[]? real = counted is null
            ? null
            : [.. Enumerable.Range(0, counted.Length).Where(position => counted[position]).Select(position => (long)position)];
        var count = real?.Length ?? Count(y.Shape);
        var positions = new List<long>((int)(count / stride) + 1);
        for (long start = 0, window = 0; start < count; start += stride, window++)
        {
            // Fibonacci hashing: neighbouring numbers come out far apart.
            var place = (long)(((ulong)(window + call * 7919L) * 11400714819323198485UL >> 32) % (ulong)stride);
            if (start + place < count)
                positions.Add(real is null ? start + place : real[start + place]);
        }

        return (Inputs(x, y.Shape, group, positions), Targets(y, group, positions));
    }

    /// <summary>The rows of inputs at some positions.</summary>
    protected abstract float[] Inputs(FloatView x, long[] outputShape, int group, List<long> positions);

    /// <summary>The rows of outputs at some positions.</summary>
    protected abstract float[] Targets(FloatView y, int group, List<long> positions);
}
