using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>Cast from float32 to float32, which has no effect. Casts to integers have the gradient 0.</summary>
internal sealed class CastGradient : IGradient
{
    public string? WhyNot(GradientNode node) =>
        (DataType)node.Node.GetInt("to") is DataType.Float16 or DataType.Bfloat16 or DataType.Double ? "it leaves float32" : null;

    public void Differentiate(GradientNode node) => node.Add(0, node.Gradient());
}
