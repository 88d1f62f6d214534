using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>
/// ScatterND, which replaces elements or adds to them: the gradient of the updates is found at their places. Replaced elements have the gradient 0.
/// </summary>
internal sealed class ScatterNDGradient : IGradient
{
    public string? WhyNot(GradientNode node) =>
        node.Node.GetString("reduction", "none") is "none" or "add" ? null : "its reduction is neither 'none' nor 'add'";

    public void Differentiate(GradientNode node)
    {
        if (node.Needs(0))
            node.Add(0, node.Node.GetString("reduction", "none") == "add" ? node.Gradient() : WithoutReplaced(node));
        if (node.Needs(2))
            node.Add(2, node.Emit("GatherND", [node.Gradient(), node.Input(1)]));
    }

    private static string WithoutReplaced(GradientNode node) => node.Emit("ScatterND", [node.Gradient(), node.Input(1), Scattering.Zeros(node, node.Input(2))]);
}
