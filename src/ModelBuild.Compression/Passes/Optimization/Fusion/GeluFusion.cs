using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Replaces the activation of Hendrycks and Gimpel 2016, x/2 · (1 + erf(x/√2)) or x/2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), by ONNX's <c>Gelu</c>,
/// which exists from opset 20 on. With earlier opsets ONNX Runtime fuses the forms that exporters write when it loads the model.
/// </summary>
internal sealed class GeluFusion() : Pattern<GeluFusion.Activation>("activations merged into Gelu", "Mul")
{
    private const double Cubic = 0.044715;

    internal sealed record Activation(string Source, string Approximate);

    protected override Activation? Match(Site site)
    {
        if (site.Opset < 20 || Factors.OfNode(site) is not { Values: [var one, var other], Constant: var half } || !Factors.IsNear(half, 0.5))
            return null;
        var match = Match(site, one, other) ?? Match(site, other, one);
        return match is not null && site.Type(match.Source) == DataType.Float ? match : null;
    }

    protected override void Rewrite(Site site, Activation match) =>
        site.Scope.Replace(
            site.Node,
            Nodes.Create("Gelu", [match.Source], [site.Node.Output[0]], site.Node.Name, attributes: [("approximate", match.Approximate)])
        );

    // Matches the nodes of a GELU. Each of them between the source and the last product has one reader, so that dead code elimination removes all of them after
    // the fusion.
    private static Activation? Match(Site site, string source, string onePlus)
    {
        if (Plus(site, onePlus) is not { Constant: 1, Value: var inner } || site.SoleProducer(inner, "Erf", "Tanh") is not { } function)
            return null;
        var argument = Factors.Of(site, function.Input[0]);
        if (function.OpType == "Erf")
            return argument.Values is [var x] && x == source && Factors.IsNear(argument.Constant, Math.Sqrt(0.5)) ? new Activation(source, "none") : null;
        return Factors.IsNear(argument.Constant, Math.Sqrt(2 / Math.PI)) && IsCubic(site, argument.Values, source) ? new Activation(source, "tanh") : null;
    }

    // Returns whether a sum is x + 0.044715 · x³, or a product is x · (1 + 0.044715 · x²).
    private static bool IsCubic(Site site, IReadOnlyList<string> values, string source)
    {
        if (values is [var sum])
            return site.SoleProducer(sum, "Add") is { } add
                && (IsPower(site, add.Input[1], add.Input[0], source, 3) || IsPower(site, add.Input[0], add.Input[1], source, 3));
        return values.Count == 2
            && values.Contains(source)
            && values.Single(value => value != source) is var other
            && Plus(site, other) is { Constant: 1, Value: var square }
            && IsPower(site, square, source, source, 2);
    }

    private static bool IsPower(Site site, string power, string alone, string source, int exponent) =>
        alone == source
        && Factors.Of(site, power) is var factors
        && Factors.IsNear(factors.Constant, Cubic)
        && factors.Values.SelectMany(value => value == source ? [value] : Factors.Of(site, value).Values) is var values
        && values.Count() == exponent
        && values.All(value => value == source);

    private static (double Constant, string Value)? Plus(Site site, string sum)
    {
        if (site.SoleProducer(sum, "Add") is not { } add)
            return null;
        var (first, second) = (add.Input[0], add.Input[1]);
        return Factors.Number(site, second, first) is { } right ? (right, first)
            : Factors.Number(site, first, second) is { } left ? (left, second)
            : null;
    }
}
