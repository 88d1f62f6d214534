using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Replaces layer normalization in single operators, (x − mean) / √(mean((x − mean)²) + ε) · γ + β over the last axis (Ba, Kiros and Hinton 2016), by ONNX's
/// <c>LayerNormalization</c>, which exists from opset 17 on.
/// </summary>
internal sealed class LayerNormalizationFusion() : Pattern<LayerNormalizationFusion.Normalization>("normalizations merged into LayerNormalization", "Add")
{
    internal sealed record Normalization(string Source, string Scale, string Shift, float Epsilon);

    protected override Normalization? Match(Site site)
    {
        var add = site.Node;
        return site.Opset < 17 || add.Input.Count != 2 ? null : Match(site, add.Input[0], add.Input[1]) ?? Match(site, add.Input[1], add.Input[0]);
    }

    protected override void Rewrite(Site site, Normalization match) =>
        site.Scope.Replace(
            site.Node,
            Nodes.Create(
                "LayerNormalization",
                [match.Source, match.Scale, match.Shift],
                [site.Node.Output[0]],
                site.Node.Name,
                attributes: [("axis", -1), ("epsilon", match.Epsilon)]
            )
        );

    private static Normalization? Match(Site site, string scaled, string shift)
    {
        if (Vector(site, shift) is not { } length || site.SoleProducer(scaled, "Mul") is not { } mul)
            return null;
        var (normalized, scale) = Vector(site, mul.Input[1]) == length ? (mul.Input[0], mul.Input[1]) : (mul.Input[1], mul.Input[0]);
        if (
            Vector(site, scale) != length
            || site.SoleProducer(normalized, "Div") is not { } div
            || site.Producer(div.Input[0], "Sub") is not { } centred
            || Deviation(site, div.Input[1], centred.Output[0]) is not { } epsilon
            || site.Producer(centred.Input[1], "ReduceMean") is not { } mean
        )
            return null;
        var source = centred.Input[0];
        return mean.Input[0] == source && IsOverLast(site, mean, length) && site.Type(source) == DataType.Float
            ? new Normalization(source, scale, shift, (float)epsilon)
            : null;
    }

    // Matches the standard deviation √(mean(d²) + ε) of centred values d, and returns ε; null if the nodes do not match.
    private static double? Deviation(Site site, string value, string centred)
    {
        if (site.SoleProducer(value, "Sqrt") is not { } root || site.SoleProducer(root.Input[0], "Add") is not { } sum)
            return null;
        var (first, second) = (sum.Input[0], sum.Input[1]);
        var (variance, epsilon) = Factors.Number(site, second, first) is { } right ? (first, right) : (second, Factors.Number(site, first, second));
        return
            epsilon is not null
            && site.SoleProducer(variance, "ReduceMean") is { } mean
            && IsOverLast(site, mean, null)
            && Factors.Of(site, mean.Input[0]) is { Constant: 1, Values: [var a, var b] }
            && a == centred
            && b == centred
            ? epsilon
            : null;
    }

    private static bool IsOverLast(Site site, NodeProto mean, long? length)
    {
        if (
            mean.GetInt("keepdims", 1) != 1
            || site.Integers(mean, 1, "axes") is not [var axis]
            || site.Shape(mean.Input[0]) is var shape && shape is null && axis != -1
        )
            return false;
        return (axis == -1 || axis == shape!.Length - 1) && (length is null || (shape is [.., var last] && last == length));
    }

    private static long? Vector(Site site, string value) => LinearLayer.Float(site, value) is { Dims: [var length] } ? length : null;
}
