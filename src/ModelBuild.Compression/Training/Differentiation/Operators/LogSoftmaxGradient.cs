using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of LogSoftmax: ∂L/∂x = g − exp(y)·Σ g for the gradient g of the output y, with the sum over the axis of the classes.</summary>
internal sealed class LogSoftmaxGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var axis = node.Integers(node.Node.GetInt("axis", -1));
        var sum = node.Emit("ReduceSum", [node.Gradient(), axis], ("keepdims", 1L));
        node.Add(0, node.Emit("Sub", [node.Gradient(), node.Emit("Mul", [node.Emit("Exp", [node.Output()]), sum])]));
    }
}
