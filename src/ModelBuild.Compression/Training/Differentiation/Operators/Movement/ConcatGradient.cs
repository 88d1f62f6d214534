using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of Concat: each input has its part of the gradient.</summary>
internal sealed class ConcatGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var axis = node.Axis(node.Node.GetInt("axis"), node.Output());
        var sizes = Enumerable.Range(0, node.InputCount).Select(input => node.Sizes(node.Input(input))[axis]).ToArray();
        var lengths = sizes.All(size => size >= 0) ? node.Integers(sizes) : Lengths(node, axis);
        var parts = node.EmitAll("Split", [node.Gradient(), lengths], sizes.Length, attributes: ("axis", (long)axis));
        for (var input = 0; input < parts.Length; input++)
            if (node.Needs(input))
                node.Add(input, parts[input]);
    }

    private static string Lengths(GradientNode node, long axis)
    {
        var lengths = Enumerable.Range(0, node.InputCount).Select(input => node.Emit("Shape", [node.Input(input)], ("start", axis), ("end", axis + 1)));
        return node.Emit("Concat", lengths, ("axis", 0L));
    }
}
