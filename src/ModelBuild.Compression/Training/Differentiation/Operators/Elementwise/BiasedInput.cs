namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of a function of x + b, where b is optional.</summary>
internal static class BiasedInput
{
    /// <summary>Adds the gradients of x and of the optional b, given the derivative of the function.</summary>
    /// <param name="node">The node.</param>
    /// <param name="derivative">Returns the derivative of the function at a value.</param>
    public static void Differentiate(GradientNode node, Func<GradientNode, string, string> derivative)
    {
        var x = node.Has(1) ? node.Sum(node.Input(0), node.Input(1)) : node.Input(0);
        var gradient = node.Product(node.Gradient(), derivative(node, x));
        for (var input = 0; input < 2; input++)
            if (node.Needs(input))
                node.AddBroadcast(input, gradient);
    }
}
