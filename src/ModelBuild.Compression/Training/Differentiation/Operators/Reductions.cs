using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The nodes that the gradients of all reductions use.</summary>
internal static class Reductions
{
    /// <summary>Expands a value with the shape of the reduction's output to the shape of its input: the reduced axes are repeated.</summary>
    public static string Expand(GradientNode node, string value) => node.Emit("Expand", [KeepDimensions(node, value), node.ShapeOf(node.Input(0))]);

    /// <summary>Reshapes a value with the shape of the reduction's output to the rank of its input: each reduced axis has size 1.</summary>
    public static string KeepDimensions(GradientNode node, string value) =>
        node.Node.GetInt("keepdims", 1) != 0 || IsWithoutEffect(node) ? value
        : node.Has(1) ? node.Emit("Unsqueeze", [value, node.Input(1)])
        : node.Emit("Reshape", [value, node.Integers(Enumerable.Repeat(1L, node.Rank(node.Input(0))))]);

    /// <summary>Sums a value with the shape of the reduction's input over the axes of the node, which get size 1.</summary>
    public static string Sum(GradientNode node, string value) => node.Emit("ReduceSum", WithAxes(node, value), Attributes(node));

    /// <summary>Returns the inputs of a reduction of a value over the axes of the node.</summary>
    public static string[] WithAxes(GradientNode node, string value) => node.Has(1) ? [value, node.Input(1)] : [value];

    /// <summary>Returns the attributes of a reduction over the axes of the node, which get size 1.</summary>
    public static (string Name, object Value)[] Attributes(GradientNode node) =>
        [("keepdims", 1L), ("noop_with_empty_axes", node.Node.GetInt("noop_with_empty_axes"))];

    /// <summary>Returns the number of terms of each element of the output, as a float32 scalar.</summary>
    public static string Count(GradientNode node)
    {
        var (from, to) = (node.Sizes(node.Input(0)), node.Sizes(node.Output()));
        return from.Concat(to).All(size => size > 0)
            ? node.Number(from.Aggregate(1L, (a, b) => a * b) / to.Aggregate(1L, (a, b) => a * b))
            : node.Emit("Div", [Size(node, node.Input(0)), Size(node, node.Output())]);
    }

    /// <summary>Returns the number of elements of a value as a float32 scalar.</summary>
    public static string Size(GradientNode node, string value) =>
        node.Emit("Cast", [node.Emit("Size", [value])], ("to", (long)TensorProto.Types.DataType.Float));

    // Returns whether the node reduces no axis. An empty list of axes stands for all axes, or for none if the attribute 'noop_with_empty_axes' is set.
    private static bool IsWithoutEffect(GradientNode node) =>
        node.Node.GetInt("noop_with_empty_axes") != 0 && (!node.Has(1) || node.Constant(1) is { } axes && axes.ElementCount() == 0);
}
