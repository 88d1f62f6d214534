using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of SpaceToDepth: the gradient is moved back by DepthToSpace.</summary>
internal sealed class SpaceToDepthGradient : IGradient
{
    public void Differentiate(GradientNode node) => node.Add(0, node.Emit("DepthToSpace", [node.Gradient()], ("blocksize", node.Node.GetInt("blocksize"))));
}
