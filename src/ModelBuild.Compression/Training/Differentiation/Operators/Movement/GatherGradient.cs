using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of Gather: the gradient is added to the places that the indices name. An index that occurs several times gets the sum.</summary>
internal sealed class GatherGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var data = node.Input(0);
        var rank = node.Rank(data);
        var axis = node.Axis(node.Node.GetInt("axis"), data);
        // The gradient is reshaped so that the axes of the indices become one axis, at the position of the gathered axis of the data.
        var shape = node.Emit("Concat", Shape(node, rank, axis), ("axis", 0L));
        var gradient = node.Emit("Reshape", [node.Gradient(), shape], ("allowzero", 1L));
        var column = node.Integers(Enumerable.Range(0, rank).Select(i => i == axis ? -1L : 1L));
        var indices = node.Emit("Expand", [node.Emit("Reshape", [node.Input(1), column]), shape]);
        node.Add(0, Scattering.Add(node, Scattering.Zeros(node, data), indices, gradient, axis));
    }

    private static string[] Shape(GradientNode node, int rank, int axis)
    {
        var shape = node.ShapeOf(node.Input(0));
        string Part(long from, long to) => node.Emit("Slice", [shape, node.Integers(from), node.Integers(to)]);
        var count = node.Emit("Reshape", [node.Emit("Size", [node.Input(1)]), node.Integers(1)]);
        return [.. axis > 0 ? [Part(0, axis)] : (string[])[], count, .. axis < rank - 1 ? [Part(axis + 1, rank)] : (string[])[]];
    }
}
