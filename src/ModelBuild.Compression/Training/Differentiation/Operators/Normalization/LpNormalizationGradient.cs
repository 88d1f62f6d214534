using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>
/// The gradient of LpNormalization, y = x/n with the norm n = ‖x‖ₚ along an axis, p = 1 or 2. With the gradient G of y, ∂L/∂x = (G − d·Σ G·y)/n, where d is
/// sign(x) for p = 1 and y for p = 2. If the norm is 0, the formula divides by 0, and the gradient is set to 0.
/// </summary>
internal sealed class LpNormalizationGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var (x, y, gradient) = (node.Input(0), node.Output(), node.Gradient());
        var axis = node.Integers(node.Axis(node.Node.GetInt("axis", -1), x));
        var isFirst = node.Node.GetInt("p", 2) == 1;
        var norm = node.Emit(isFirst ? "ReduceL1" : "ReduceL2", [x, axis], ("keepdims", 1L));
        var zero = node.Number(0);
        var inverse = node.Emit("Where", [node.Emit("Equal", [norm, zero]), zero, node.Emit("Reciprocal", [norm])]);
        var along = node.Emit("ReduceSum", [node.Emit("Mul", [gradient, y]), axis], ("keepdims", 1L));
        var direction = isFirst ? node.Emit("Sign", [x]) : y;
        node.Add(0, node.Emit("Mul", [node.Emit("Sub", [gradient, node.Emit("Mul", [direction, along])]), inverse]));
    }
}
