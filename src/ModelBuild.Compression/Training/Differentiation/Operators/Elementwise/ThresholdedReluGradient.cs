using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of ThresholdedRelu: the derivative is 1 where x is greater than α, and 0 elsewhere.</summary>
internal sealed class ThresholdedReluGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Step(node.Sum(node.Input(0), -node.Node.GetFloat("alpha", 1))));
}
