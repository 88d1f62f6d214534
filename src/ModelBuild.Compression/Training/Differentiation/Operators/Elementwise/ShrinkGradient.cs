using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Shrink: the derivative is 1 where |x| is greater than λ, and 0 elsewhere.</summary>
internal sealed class ShrinkGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.AddProduct(0, node.Step(node.Sum(node.Of("Abs", node.Input(0)), -node.Node.GetFloat("lambd", 0.5f))));
}
