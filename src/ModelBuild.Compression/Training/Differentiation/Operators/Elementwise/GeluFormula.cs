namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The derivatives of the exact and the approximate form of Gelu.</summary>
internal static class GeluFormula
{
    private static readonly float RootOfTwoByPi = (float)Math.Sqrt(2 / Math.PI);

    private const float Cubic = 0.044715f;

    /// <summary>Returns the derivative of x·Φ(x), which is Φ(x) + x·φ(x) with the normal distribution Φ and its density φ.</summary>
    public static string Exact(GradientNode node, string x)
    {
        var erf = node.Of("Erf", node.Product(x, (float)Math.Sqrt(0.5)));
        var distribution = node.Product(node.Sum(erf, 1), 0.5f);
        var density = node.Product(node.Of("Exp", node.Product(node.Square(x), -0.5f)), (float)(1 / Math.Sqrt(2 * Math.PI)));
        return node.Sum(distribution, node.Product(x, density));
    }

    /// <summary>
    /// Returns the derivative of x/2·(1 + t) with t = tanh(√(2/π)·(x + c·x³)), which is (1 + t)/2 + x/2·(1 − t²)·√(2/π)·(1 + 3·c·x²).
    /// </summary>
    public static string Tanh(GradientNode node, string x)
    {
        var square = node.Square(x);
        var argument = node.Product(node.Product(x, node.Sum(node.Product(square, Cubic), 1)), RootOfTwoByPi);
        var t = node.Of("Tanh", argument);
        var inner = node.Sum(node.Product(square, 1.5f * Cubic * RootOfTwoByPi), 0.5f * RootOfTwoByPi);
        var slope = node.Product(node.Product(x, node.Difference(1, node.Square(t))), inner);
        return node.Sum(node.Sum(node.Product(t, 0.5f), 0.5f), slope);
    }
}
