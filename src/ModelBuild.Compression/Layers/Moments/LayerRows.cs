using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Reads one call of a Conv, ConvTranspose, Gemm or MatMul as rows of a linear layer with the weights [N, K]. Each position of an image, a sequence or a
/// batch has a row of K inputs and a row of N outputs.
/// </summary>
internal abstract class LayerRows
{
    /// <summary>Creates the reader of a layer.</summary>
    /// <param name="layer">A Conv, ConvTranspose, Gemm or MatMul whose second input is constant.</param>
    /// <param name="weightShape">The shape of the weights, which has fewer channels than the layer after pruning.</param>
    /// <param name="groups">The number of groups, which may be smaller than in the layer after pruning.</param>
    /// <param name="outputChannels">The output channels of the layer that are the targets; null for all.</param>
    public static LayerRows Of(NodeProto layer, IReadOnlyList<long> weightShape, int groups = 1, int[]? outputChannels = null) =>
        WeightedOperator.LinearKind(layer) switch
        {
            WeightedKind.Convolution => new ConvRows(layer, weightShape, groups, outputChannels),
            WeightedKind.TransposedConvolution => new ConvTransposeRows(layer, weightShape, groups, outputChannels),
            _ => new MatrixRows(transposed: WeightedOperator.Of(layer).IsInputTransposed(layer), outputChannels),
        };

    /// <summary>Returns the number of rows that a layer has in a call with this output shape.</summary>
    public abstract long Count(ReadOnlySpan<long> outputShape);

    /// <summary>
    /// Reads rows of one call: one of each <paramref name="stride"/> consecutive rows, at a varying position, because a fixed step would prefer some columns
    /// of an image.
    /// </summary>
    /// <param name="x">The input of the call.</param>
    /// <param name="y">The output of the call.</param>
    /// <param name="group">The index of the convolution's group.</param>
    /// <param name="stride">The number of consecutive rows of which one is read; 1 for all rows.</param>
    /// <param name="call">The number of the call, which determines the positions.</param>
    /// <param name="counted">Whether each position counts; null for all. Other positions, such as the padding of a sentence, are skipped.</param>
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
            // The position of the row inside each window of rows is chosen by Fibonacci hashing, which maps adjacent numbers to distant positions.
            var place = (long)(((ulong)(window + call * 7919L) * 11400714819323198485UL >> 32) % (ulong)stride);
            if (start + place < count)
                positions.Add(real is null ? start + place : real[start + place]);
        }

        return (Inputs(x, y.Shape, group, positions), Targets(y, group, positions));
    }

    /// <summary>Returns the input rows of a layer at some positions of the output.</summary>
    protected abstract float[] Inputs(FloatView x, long[] outputShape, int group, List<long> positions);

    /// <summary>Returns the output rows of a layer at some positions of the output.</summary>
    protected abstract float[] Targets(FloatView y, int group, List<long> positions);
}
