using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of Trilu: only the same triangle of the gradient remains.</summary>
internal sealed class TriluGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(0, node.Emit("Trilu", [node.Gradient(), .. node.Node.Input.Skip(1)], ("upper", node.Node.GetInt("upper", 1))));
}
