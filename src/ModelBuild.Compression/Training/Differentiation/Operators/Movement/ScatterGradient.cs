using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>
/// The gradient of ScatterElements and ScatterND, which replace elements or add to them. The gradient of the updates is the gradient of the output at the
/// positions of the updates. Replaced elements have the gradient 0.
/// </summary>
/// <param name="gather">The operator that reads the elements at the same positions.</param>
internal sealed class ScatterGradient(string gather) : IGradient
{
    private const string None = "none",
        Add = "add";

    public string? WhyNot(GradientNode node) => Reduction(node) is None or Add ? null : "its reduction is neither 'none' nor 'add'";

    public void Differentiate(GradientNode node)
    {
        if (node.Needs(0))
            node.Add(0, Reduction(node) == Add ? node.Gradient() : WithoutReplaced(node));
        if (node.Needs(2))
            node.Add(2, node.Emit(gather, [node.Gradient(), node.Input(1)], Axis(node)));
    }

    private static string Reduction(GradientNode node) => node.Node.GetString("reduction", None);

    private static string WithoutReplaced(GradientNode node) =>
        node.Emit(node.Node.OpType, [node.Gradient(), node.Input(1), Scattering.Zeros(node, node.Input(2))], Axis(node));

    // Returns the attribute 'axis' of the node. ScatterND and GatherND have no such attribute.
    private static (string Name, object Value)[] Axis(GradientNode node) => node.Node.Attribute("axis") is null ? [] : [("axis", node.Node.GetInt("axis"))];
}
