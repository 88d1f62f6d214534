using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers;

/// <summary>How a layer keeps its weights, and how they are seen as rows, one for each output channel: [N, K].</summary>
/// <param name="Shape">The tensor's shape.</param>
/// <param name="IsTurned">Whether the tensor is [K, N].</param>
/// <param name="ChannelAxis">The axis of the output channels.</param>
internal sealed record WeightLayout(long[] Shape, bool IsTurned, int ChannelAxis)
{
    /// <summary>N.</summary>
    public int Outputs => (int)Shape[ChannelAxis];

    /// <summary>K.</summary>
    public int Inputs => (int)(Shape.Aggregate(1L, (a, b) => a * b) / Math.Max(1, Outputs));

    /// <summary>The layout of the constant weights of a Conv, Gemm or MatMul.</summary>
    public static WeightLayout Of(NodeProto node, TensorProto weight)
    {
        var isTurned = node.OpType == "MatMul" || (node.OpType == "Gemm" && node.GetInt("transB", 0) == 0);
        return new WeightLayout([.. weight.Dims], isTurned, isTurned ? 1 : 0);
    }

    /// <summary>The tensor's elements as rows [N, K].</summary>
    public T[] ToRows<T>(ReadOnlySpan<T> elements) => IsTurned ? Matrix.Transpose(elements, Outputs) : elements.ToArray();

    /// <summary>Rows [N, K] as the tensor's elements.</summary>
    public T[] FromRows<T>(ReadOnlySpan<T> rows) => IsTurned ? Matrix.Transpose(rows, Inputs) : rows.ToArray();
}
