using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes <c>Expand</c> to the shape that the value already has, or to a shape of ones.</summary>
internal sealed class ExpandElimination() : NoEffectPattern("expansions to the same shape removed", "Expand")
{
    protected override string? Same(Site site)
    {
        var source = site.Node.Input[0];
        if (site.Shape(source) is not { } shape)
            return null;
        if (
            site.Integers(site.Node.InputAt(1)) is { } target
            && target.Length <= shape.Length
            && target.Index().All(size => size.Item == 1 || (size.Item > 0 && size.Item == shape[shape.Length - target.Length + size.Index]))
        )
            return source;
        return site.KnownShape(source) is { } known && site.KnownShape(site.Node.Output[0]) is { } result && known.SequenceEqual(result) ? source : null;
    }
}
