namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>A value that is divided by its root mean square or its standard deviation, along some axes: n = (x − mean)·inverse.</summary>
/// <param name="Value">The normalized value n.</param>
/// <param name="Inverse">The factor, with size 1 along the axes.</param>
/// <param name="Axes">The axes.</param>
/// <param name="IsCentred">Whether the mean is subtracted.</param>
internal sealed record NormalizedValue(string Value, string Inverse, long[] Axes, bool IsCentred)
{
    /// <summary>Adds the nodes that normalize a value.</summary>
    /// <param name="node">The node to which the nodes belong.</param>
    /// <param name="x">The value.</param>
    /// <param name="axes">The axes.</param>
    /// <param name="epsilon">The number that is added to the variance.</param>
    /// <param name="isCentred">Whether the mean is subtracted.</param>
    public static NormalizedValue Of(GradientNode node, string x, long[] axes, float epsilon, bool isCentred)
    {
        var centred = isCentred ? node.Emit("Sub", [x, Mean(node, x, axes)]) : x;
        var variance = Mean(node, node.Emit("Mul", [centred, centred]), axes);
        var deviation = node.Emit("Sqrt", [node.Emit("Add", [variance, node.Number(epsilon)])]);
        var inverse = node.Emit("Reciprocal", [deviation]);
        return new NormalizedValue(node.Emit("Mul", [centred, inverse]), inverse, axes, isCentred);
    }

    /// <summary>Returns the gradient of x for the gradient g of n: inverse·(g − mean(g) − n·mean(g·n)). Without centring, mean(g) is left out.</summary>
    public string InputGradient(GradientNode node, string gradient)
    {
        var along = node.Emit("Mul", [Value, Mean(node, node.Emit("Mul", [gradient, Value]), Axes)]);
        var across = IsCentred ? node.Emit("Sub", [gradient, Mean(node, gradient, Axes)]) : gradient;
        return node.Emit("Mul", [node.Emit("Sub", [across, along]), Inverse]);
    }

    private static string Mean(GradientNode node, string value, long[] axes) => node.Emit("ReduceMean", [value, node.Integers(axes)], ("keepdims", 1L));
}
