using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Pow: ∂(aᵇ)/∂a = b·aᵇ⁻¹ and ∂(aᵇ)/∂b = aᵇ·ln a.</summary>
internal sealed class PowGradient : IGradient
{
    // The smallest base of a power whose logarithm is taken. The power of a smaller base is 0 or has no derivative.
    private const float Smallest = 1e-37f;

    public void Differentiate(GradientNode node)
    {
        if (node.Needs(0))
            node.AddBroadcast(0, node.Product(node.Gradient(), BaseDerivative(node)));
        if (node.Needs(1))
        {
            var logarithm = node.Of("Log", node.Emit("Max", [node.Input(0), node.Number(Smallest)]));
            node.AddBroadcast(1, node.Product(node.Product(node.Gradient(), node.Output()), logarithm));
        }
    }

    private static string BaseDerivative(GradientNode node)
    {
        if (node.Constant(1) is { } constant && constant.ElementCount() == 1 && constant.DataType == (int)DataType.Float && constant.ToFloats()[0] == 2)
            return node.Product(node.Input(0), 2);
        var exponent = node.Type(node.Input(1)) == DataType.Float ? node.Input(1) : node.Emit("Cast", [node.Input(1)], ("to", (long)DataType.Float));
        // Where the exponent is 0, the base is raised to 1 instead of −1, so that the derivative is 0 also where the base is 0.
        var isZero = node.Emit("Equal", [exponent, node.Number(0)]);
        var reduced = node.Emit("Where", [isZero, node.Number(1), node.Sum(exponent, -1)]);
        return node.Product(exponent, node.Emit("Pow", [node.Input(0), reduced]));
    }
}
