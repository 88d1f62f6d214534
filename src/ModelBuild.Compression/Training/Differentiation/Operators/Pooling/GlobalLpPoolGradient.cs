using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Pooling;

/// <summary>The gradient of GlobalLpPool, which is an LpPool with one window over all positions.</summary>
internal sealed class GlobalLpPoolGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, LpNorm.Gradient(node, node.Node.GetInt("p", 2), scaled => scaled));
}
