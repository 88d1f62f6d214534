using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Counting;

/// <summary>A value that depends on constants alone.</summary>
/// <param name="Owner">The scope of</param>
/// <param name="Root">the constant whose elements it has, moved, converted or scaled; itself where it was put together.</param>
/// <param name="Count">How many elements it has.</param>
/// <param name="Type">Their type.</param>
/// <param name="IsScalar">Whether it was made of single numbers without axes only.</param>
internal sealed record ConstantValue(Graph Owner, string Root, long Count, DataType Type, bool IsScalar)
{
    /// <summary>The bytes of its elements.</summary>
    public long Bytes => Tensors.Bytes(Type, Count);
}
