using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of CumSum: the cumulative sum of the gradient in the other direction.</summary>
internal sealed class CumSumGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(
            0,
            node.Emit("CumSum", [node.Gradient(), node.Input(1)], ("exclusive", node.Node.GetInt("exclusive")), ("reverse", 1 - node.Node.GetInt("reverse")))
        );
}
