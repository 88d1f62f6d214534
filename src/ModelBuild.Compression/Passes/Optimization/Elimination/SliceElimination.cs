using ModelBuild.Compression.Passes.Optimization.Merging;
using ModelBuild.Compression.Passes.Optimization.Patterns;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes <c>Slice</c> of a whole axis: from 0 in steps of 1 to the end, or to an index beyond every possible size.</summary>
internal sealed class SliceElimination() : NoEffectPattern("slices of whole tensors removed", "Slice")
{
    protected override string? Same(Site site)
    {
        if (SliceRanges.Of(site, site.Node) is not { } ranges)
            return null;
        var shape = site.Shape(site.Node.Input[0]);
        return ranges.All(range => range is { Start: 0, Step: 1 } && range.End >= Size(shape, range.Axis)) ? site.Node.Input[0] : null;
    }

    // Returns the size of an axis, or the largest int32 if the size is unknown. Exporters write the largest int32 or int64 as the end of a slice that ends at
    // the end of the axis.
    private static long Size(long[]? shape, long axis) =>
        shape is not null && axis >= 0 && axis < shape.Length && shape[axis] >= 0 ? shape[axis] : int.MaxValue;
}
