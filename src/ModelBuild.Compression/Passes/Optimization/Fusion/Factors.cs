using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>The factors of a product: one constant, and the values that it multiplies. The order of the multiplications differs between exporters.</summary>
/// <param name="Constant">The product of all constants.</param>
/// <param name="Values">The other factors.</param>
internal sealed record Factors(double Constant, IReadOnlyList<string> Values)
{
    /// <summary>
    /// Returns the factors of a value: those of <c>Mul</c>, <c>Div</c> by a number and <c>Pow</c> with a small integer, if the value has no other reader.
    /// </summary>
    public static Factors Of(Site site, string value) => Of(site, value, site.SoleProducer(value, "Mul", "Div", "Pow"));

    /// <summary>Returns the factors of the output of the site's node.</summary>
    public static Factors OfNode(Site site) => Of(site, site.Node.Output[0], site.Node);

    /// <summary>The number that a constant of one element is; null for any other value, and for one that has more axes than the value it is combined
    /// with.</summary>
    /// <param name="site">The site at which both are read.</param>
    /// <param name="value">The constant.</param>
    /// <param name="beside">The other operand, whose shape the result must have.</param>
    public static double? Number(Site site, string value, string beside) =>
        LinearLayer.Float(site, value) is { } tensor && tensor.ElementCount() == 1 && site.KeepsShape(beside, tensor) ? tensor.ToFloats()[0] : null;

    /// <summary>Returns whether two numbers are equal within the rounding of exporters.</summary>
    public static bool IsNear(double number, double expected) => Math.Abs(number - expected) <= 1e-4 * Math.Abs(expected);

    private static Factors Of(Site site, string value, NodeProto? node)
    {
        if (node is null)
            return new Factors(1, [value]);
        if (node.OpType == "Mul")
        {
            if (Number(site, node.Input[1], node.Input[0]) is { } right)
                return Of(site, node.Input[0]).Times(right);
            if (Number(site, node.Input[0], node.Input[1]) is { } left)
                return Of(site, node.Input[1]).Times(left);
            return new Factors(1, []).With(Of(site, node.Input[0])).With(Of(site, node.Input[1]));
        }

        var second = Number(site, node.InputAt(1), node.Input[0]);
        if (node.OpType == "Div" && second is { } divisor && divisor != 0)
            return Of(site, node.Input[0]).Times(1 / divisor);
        return node.OpType == "Pow" && second is 2 or 3 ? new Factors(1, [.. Enumerable.Repeat(node.Input[0], (int)second)]) : new Factors(1, [value]);
    }

    private Factors Times(double constant) => this with { Constant = Constant * constant };

    private Factors With(Factors other) => new(Constant * other.Constant, [.. Values, .. other.Values]);
}
