namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The derivative that the operators Elu and Selu share.</summary>
internal static class ExponentialUnit
{
    /// <summary>Returns the slope where the output y is positive, and y plus the height elsewhere.</summary>
    /// <param name="node">The node.</param>
    /// <param name="height">The negative of the limit of the output for small inputs.</param>
    /// <param name="slope">The derivative for positive inputs.</param>
    public static string Derivative(GradientNode node, float height, float slope)
    {
        var negative = node.Sum(node.Emit("Min", [node.Output(), node.Number(0)]), height);
        return height == slope ? negative : node.Sum(negative, node.Product(node.Step(node.Input(0)), slope - height));
    }
}
