using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of GatherElements: the gradient is added to the places that the indices name.</summary>
internal sealed class GatherElementsGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(0, Scattering.Add(node, Scattering.Zeros(node, node.Input(0)), node.Input(1), node.Gradient(), node.Node.GetInt("axis")));
}
