namespace ModelBuild.Compression.Training.Differentiation.Operators.Pooling;

/// <summary>The gradient of a norm y = (Σ|x|ᵖ)^(1/p).</summary>
internal static class LpNorm
{
    /// <summary>Adds the nodes that compute sign(x)·|x|^(p−1)·Σ G·y^(1−p), where G is the gradient of y.</summary>
    /// <param name="node">The node.</param>
    /// <param name="p">The exponent.</param>
    /// <param name="distribute">Sums a value of the shape of the output over the norms that each input belongs to.</param>
    public static string Gradient(GradientNode node, long p, Func<string, string> distribute)
    {
        var (x, y) = (node.Input(0), node.Output());
        if (p == 1)
            return node.Emit("Mul", [node.Emit("Sign", [x]), distribute(node.Gradient())]);
        // A norm of 0 is replaced by a tiny number before the division. The inputs of such a norm are 0, and so are the products with them.
        var positive = node.Emit("Max", [y, node.Number(MathF.Pow(1e-36f, 1f / (p - 1)))]);
        var scaled = distribute(node.Emit("Div", [node.Gradient(), Power(node, positive, p - 1)]));
        return node.Emit("Mul", [scaled, p == 2 ? x : node.Emit("Mul", [x, Power(node, node.Emit("Abs", [x]), p - 2)])]);
    }

    private static string Power(GradientNode node, string value, long exponent) => exponent == 1 ? value : node.Emit("Pow", [value, node.Number(exponent)]);
}
