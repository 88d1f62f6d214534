namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>
/// The gradient of MaxPool: the gradient of each output goes to the position of its maximum. The positions are the second output of the node.
/// </summary>
internal sealed class MaxPoolGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var indices = node.Output(1) is { Length: > 0 } known ? known : node.AddOutput(1, "indices");
        var flat = node.Integers(-1);
        var size = node.Emit("ReduceProd", [node.ShapeOf(node.Input(0))], ("keepdims", 1L));
        var zeros = node.Emit("ConstantOfShape", [size]);
        var scattered = node.Emit(
            "ScatterElements",
            [zeros, node.Emit("Reshape", [indices, flat]), node.Emit("Reshape", [node.Gradient(), flat])],
            ("axis", 0L),
            ("reduction", "add")
        );
        node.Add(0, node.Reshape(scattered, node.Input(0)));
    }
}
