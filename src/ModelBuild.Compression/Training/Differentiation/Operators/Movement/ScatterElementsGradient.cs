using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>
/// ScatterElements, which replaces elements or adds to them: the gradient of the updates is found at their places. Replaced elements have the gradient 0.
/// </summary>
internal sealed class ScatterElementsGradient : IGradient
{
    public string? WhyNot(GradientNode node) =>
        node.Node.GetString("reduction", "none") is "none" or "add" ? null : "its reduction is neither 'none' nor 'add'";

    public void Differentiate(GradientNode node)
    {
        if (node.Needs(0))
            node.Add(0, node.Node.GetString("reduction", "none") == "add" ? node.Gradient() : WithoutReplaced(node));
        if (node.Needs(2))
            node.Add(2, node.Emit("GatherElements", [node.Gradient(), node.Input(1)], ("axis", node.Node.GetInt("axis"))));
    }

    private static string WithoutReplaced(GradientNode node) =>
        node.Emit("ScatterElements", [node.Gradient(), node.Input(1), Scattering.Zeros(node, node.Input(2))], ("axis", node.Node.GetInt("axis")));
}
