using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of TopK: the gradient of each value goes to its place in the input, which is the second output of the node.</summary>
internal sealed class TopKGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(0, Scattering.Add(node, Scattering.Zeros(node, node.Input(0)), node.Output(1), node.Gradient(), node.Node.GetInt("axis", -1)));
}
