using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>A product taken apart: one constant, and the values that it multiplies. Exporters multiply in every order.</summary>
/// <param name="Constant">The product of all constants.</param>
/// <param name="Values">The other factors.</param>
internal sealed record Factors(double Constant, IReadOnlyList<string> Values)
{
    /// <summary>The factors of a value: what <c>Mul</c>, <c>Div</c> by a number and <c>Pow</c> of a small whole number are made of, as long as nothing else reads it.</summary>
    public static Factors Of(Site site, string value) => Of(site, value, site.SoleProducer(value, "Mul", "Div", "Pow"));

    /// <summary>The factors of what the site's own node gives.</summary>
    public static Factors OfNode(Site site) => Of(site, site.Node.Output[0], site.Node);

    /// <summary>The number that a constant of one element is; null for any other value.</summary>
    public static double? Number(Site site, string value) =>
        LinearLayer.Float(site, value) is { } tensor && tensor.ElementCount() == 1 ? tensor.ToFloats()[0] : null;

    /// <summary>Whether two numbers are the same constant as exporters round it.</summary>
    public static bool IsNear(double number, double expected) => Math.Abs(number - expected) <= 1e-4 * Math.Abs(expected);

    private static Factors Of(Site site, string value, NodeProto? node)
    {
        if (Number(site, value) is { } constant)
            return new Factors(constant, []);
        if (node is null)
            return new Factors(1, [value]);
        if (node.OpType == "Mul")
        {
            var (left, right) = (Of(site, node.Input[0]), Of(site, node.Input[1]));
            return new Factors(left.Constant * right.Constant, [.. left.Values, .. right.Values]);
        }

        var second = Number(site, node.InputAt(1));
        if (node.OpType == "Div" && second is { } divisor && divisor != 0)
            return Of(site, node.Input[0]) is var dividend ? dividend with { Constant = dividend.Constant / divisor } : dividend;
        return node.OpType == "Pow" && second is 2 or 3
            ? new Factors(1, [.. Enumerable.Repeat(node.Input[0], (int)second)])
            : new Factors(1, [value]);
    }
}
