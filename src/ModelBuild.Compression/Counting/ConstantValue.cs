using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Counting;

/// <summary>A value of a graph that depends only on constants, so that it can be computed before the model runs.</summary>
/// <param name="Owner">The scope of <paramref name="Root"/>.</param>
/// <param name="Root">The constant whose elements the value holds, moved, converted or scaled; the value itself if it is concatenated.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="IsScalar">Whether the value is computed only from scalars.</param>
internal sealed record ConstantValue(Graph Owner, string Root, long Count, DataType Type, bool IsScalar)
{
    /// <summary>The size of all elements of the value in bytes.</summary>
    public long Bytes => Tensors.Bytes(Type, Count);
}
