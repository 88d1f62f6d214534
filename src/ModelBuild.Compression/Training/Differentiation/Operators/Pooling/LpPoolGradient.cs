using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Pooling;

/// <summary>
/// The gradient of LpPool, y = (Σ|x|ᵖ)^(1/p). With the gradient G of y, ∂L/∂x = sign(x)·|x|^(p−1)·Σ G·y^(1−p) over the windows of x. The gradient of a norm of
/// 0 is 0.
/// </summary>
internal sealed class LpPoolGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(0, LpNorm.Gradient(node, node.Node.GetInt("p", 2), scaled => PoolMaps.Transpose(node, scaled, ("p", 1L))));
}
