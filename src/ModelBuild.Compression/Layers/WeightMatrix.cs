using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// A weight tensor as a matrix [outputs, inputs], independent of its ONNX layout. The memory has the axes [Outer, InputsBefore, Channels, InputsAfter]. A row
/// is (outer, channel), and a column is (input before, input after).
/// </summary>
/// <param name="Tensor">The float32 tensor.</param>
/// <param name="Outer">The product of the leading axes that count as outputs, such as groups.</param>
/// <param name="InputsBefore">The number of inputs on axes before the channels.</param>
/// <param name="Channels">The number of channels.</param>
/// <param name="InputsAfter">The number of inputs on axes after the channels.</param>
/// <param name="Factor">The factor of all weights, such as Gemm's alpha.</param>
internal sealed record WeightMatrix(TensorProto Tensor, int Outer, int InputsBefore, int Channels, int InputsAfter, float Factor = 1)
{
    /// <summary>The number of output channels.</summary>
    public int Rows => Outer * Channels;

    /// <summary>The number of inputs of an output channel.</summary>
    public int Columns => InputsBefore * InputsAfter;

    /// <summary>Creates a matrix whose rows are contiguous in memory, such as Gemm's with transB, an embedding, or a convolution's kernels.</summary>
    public static WeightMatrix ByRows(TensorProto tensor, long rows, float factor = 1) =>
        new(tensor, 1, 1, checked((int)rows), checked((int)(tensor.ElementCount() / rows)), factor);

    /// <summary>Creates the matrix of a product's second operand [inputs, outputs].</summary>
    public static WeightMatrix ByColumns(TensorProto tensor, float factor = 1) =>
        new(tensor, 1, checked((int)tensor.Dims[0]), checked((int)tensor.Dims[1]), 1, factor);

    /// <summary>Creates the matrix of a layer's weights.</summary>
    public static WeightMatrix Of(WeightLayout layout, TensorProto tensor, float factor = 1) =>
        layout.IsTransposed
            ? new(tensor, layout.Groups, checked((int)layout.Shape[0] / layout.Groups), checked((int)layout.Shape[1]), layout.Patch, factor)
            : ByRows(tensor, layout.Outputs, factor);

    /// <summary>Returns some rows of the matrix as float32 numbers, multiplied by the factor.</summary>
    public float[] Read(int firstRow, int count)
    {
        var source = Tensor.Span<float>();
        var rows = new float[count * Columns];
        // The loop over the axes before the channels is the outer one and contains the loop over rows, so that each cache line of the tensor is read once for
        // all rows that share it.
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

    /// <summary>Reorders values from the order of rows and columns to the memory order of the tensor.</summary>
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
