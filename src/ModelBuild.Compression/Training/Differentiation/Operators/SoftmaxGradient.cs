using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Softmax: ∂L/∂x = y·(g − Σ y·g) for the gradient g of the output y, with the sum over the axis of the classes.</summary>
internal sealed class SoftmaxGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var axis = node.Integers(node.Node.GetInt("axis", -1));
        var weighted = node.Emit("Mul", [node.Gradient(), node.Output()]);
        var sum = node.Emit("ReduceSum", [weighted, axis], ("keepdims", 1L));
        node.Add(0, node.Emit("Sub", [weighted, node.Emit("Mul", [node.Output(), sum])]));
    }
}
