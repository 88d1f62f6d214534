namespace ModelBuild.Compression.Training.Differentiation.Operators.Pooling;

/// <summary>The gradient of GlobalMaxPool: the gradient goes to the first position of the maximum.</summary>
internal sealed class GlobalMaxPoolGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var x = node.Input(0);
        var rows = node.Emit("Flatten", [node.Emit("Reshape", [x, node.Integers(0, 0, -1)])], ("axis", 2L));
        var position = node.Emit("ArgMax", [rows], ("axis", 1L), ("keepdims", 1L));
        var zeros = node.Emit("ConstantOfShape", [node.Emit("Shape", [rows])]);
        var gradient = node.Emit("Reshape", [node.Gradient(), node.Emit("Shape", [position])]);
        node.Add(0, node.Reshape(node.Emit("ScatterElements", [zeros, position, gradient], ("axis", 1L)), x));
    }
}
