using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of Split: the concatenation of the gradients of the parts. A part that the loss does not depend on has the gradient 0.</summary>
internal sealed class SplitGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var parts = Enumerable.Range(0, node.Node.Output.Count).Select(part => node.FindGradient(part) ?? Zeros(node, part)).ToArray();
        node.Add(0, node.Emit("Concat", parts, ("axis", node.Node.GetInt("axis"))));
    }

    private static string Zeros(GradientNode node, int part) =>
        Scattering.Zeros(node, node.Output(part) is { Length: > 0 } output ? output : node.AddOutput(part, "part"));
}
