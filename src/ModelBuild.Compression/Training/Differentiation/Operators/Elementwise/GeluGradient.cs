using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Gelu, exact or with the approximation by tanh.</summary>
internal sealed class GeluGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.AddProduct(0, node.Node.GetString("approximate") == "tanh" ? GeluFormula.Tanh(node, node.Input(0)) : GeluFormula.Exact(node, node.Input(0)));
}
