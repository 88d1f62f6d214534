using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Output;

/// <summary>Represents the constant tensors of one element type.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Elements">The number of elements of these tensors.</param>
/// <param name="Bytes">The number of bytes of these elements; 0 for strings.</param>
internal sealed record WeightDescription(string Type, long Elements, long Bytes)
{
    public static WeightDescription Of(DataType type, long elements) => new(SignatureReader.TypeName(type), elements, Tensors.Bytes(type, elements));
}
