using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of GatherND: the gradient is added to the places that the indices name.</summary>
internal sealed class GatherNDGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        Scattering.Differentiate(node, positions => node.Emit("GatherND", [positions, node.Input(1)], ("batch_dims", node.Node.GetInt("batch_dims"))));
}
