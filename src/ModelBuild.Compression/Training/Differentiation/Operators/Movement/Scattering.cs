namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradients of operators that select elements: each selected element has the gradients of its copies, and the others have 0.</summary>
internal static class Scattering
{
    /// <summary>Adds the gradient of the first input of an operator that selects elements.</summary>
    /// <param name="node">The node.</param>
    /// <param name="select">Applies the operator of the node to a tensor of the shape of the input, which holds the positions of its elements.</param>
    public static void Differentiate(GradientNode node, Func<string, string> select)
    {
        var flat = node.Integers(-1);
        var size = node.Emit("ReduceProd", [node.ShapeOf(node.Input(0))], ("keepdims", 1L));
        var positions = node.Emit("Range", [Scalar(node, 0), node.Emit("Squeeze", [size]), Scalar(node, 1)]);
        var selected = node.Emit("Reshape", [select(node.Reshape(positions, node.Input(0))), flat]);
        var scattered = Add(node, node.Emit("ConstantOfShape", [size]), selected, node.Emit("Reshape", [node.Gradient(), flat]), 0);
        node.Add(0, node.Reshape(scattered, node.Input(0)));
    }

    /// <summary>Adds numbers to the elements of a tensor at some places of an axis. Places that occur several times get the sum.</summary>
    public static string Add(GradientNode node, string tensor, string indices, string numbers, long axis) =>
        node.Emit("ScatterElements", [tensor, indices, numbers], ("axis", axis), ("reduction", "add"));

    /// <summary>Returns zeros of the shape of a value.</summary>
    public static string Zeros(GradientNode node, string value) => node.Emit("Expand", [node.Number(0), node.ShapeOf(value)]);

    private static string Scalar(GradientNode node, long value) => node.Emit("Squeeze", [node.Integers(value)]);
}
