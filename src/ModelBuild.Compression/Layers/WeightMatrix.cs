using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// A weight tensor seen as a matrix [outputs, inputs], in whichever of ONNX's layouts it is stored: memory is [Outer, InputsBefore, Channels, InputsAfter],
/// a row is (outer, channel), a column (input before, input after).
/// </summary>
/// <param name="Tensor">The float32 tensor.</param>
/// <param name="Outer">The product of the axes in front that have numbers of their own.</param>
/// <param name="InputsBefore">The inputs that lie further apart in memory than channels do.</param>
/// <param name="Channels">The channels.</param>
/// <param name="InputsAfter">The inputs that lie together in memory.</param>
/// <param name="Factor">What every weight is multiplied with: Gemm's alpha.</param>
internal sealed record WeightMatrix(TensorProto Tensor, int Outer, int InputsBefore, int Channels, int InputsAfter, float Factor = 1)
{
    /// <summary>Output channels.</summary>
    public int Rows => Outer * Channels;

    /// <summary>Inputs of an output channel.</summary>
    public int Columns => InputsBefore * InputsAfter;

    /// <summary>A matrix whose rows lie in memory one after another, such as Gemm's with transB, an embedding, or a convolution's kernels.</summary>
    public static WeightMatrix ByRows(TensorProto tensor, long rows, float factor = 1) =>
        new(tensor, 1, 1, checked((int)rows), checked((int)(tensor.ElementCount() / rows)), factor);

    /// <summary>The second operand of a product, [inputs, outputs].</summary>
    public static WeightMatrix ByColumns(TensorProto tensor, float factor = 1) =>
        new(tensor, 1, checked((int)tensor.Dims[0]), checked((int)tensor.Dims[1]), 1, factor);

    /// <summary>The weights of a layer, in its own layout.</summary>
    public static WeightMatrix Of(WeightLayout layout, TensorProto tensor, float factor = 1) =>
        layout.IsTurned
            ? new(tensor, layout.Groups, checked((int)layout.Shape[0] / layout.Groups), checked((int)layout.Shape[1]), layout.Patch, factor)
            : ByRows(tensor, layout.Outputs, factor);

    /// <summary>Some of the rows, in real numbers.</summary>
    public float[] Read(int firstRow, int count)
    {
        var source = Tensor.Span<float>();
        var rows = new float[count * Columns];
        // Rows inside: where they lie side by side in memory, each part of it is walked once for all of them.
        for (var before = 0; before < InputsBefore; before++)
        {
            for (var row = 0; row < count; row++)
            {
                var (outer, channel) = Math.DivRem(firstRow + row, Channels);
                var from = ((outer * InputsBefore + before) * Channels + channel) * InputsAfter;
                for (var after = 0; after < InputsAfter; after++)
                    rows[row * Columns + before * InputsAfter + after] = Factor * source[from + after];
            }
        }

        GC.KeepAlive(Tensor);
        return rows;
    }

    /// <summary>Puts numbers that are in the order of rows and columns into the order of the tensor's memory.</summary>
    public byte[] ToMemoryOrder(ReadOnlySpan<byte> values)
    {
        var result = new byte[values.Length];
        var from = 0;
        for (var row = 0; row < Rows; row++)
        {
            var (outer, channel) = Math.DivRem(row, Channels);
            for (var before = 0; before < InputsBefore; before++, from += InputsAfter)
                values.Slice(from, InputsAfter).CopyTo(result.AsSpan(((outer * InputsBefore + before) * Channels + channel) * InputsAfter));
        }

        return result;
    }
}
