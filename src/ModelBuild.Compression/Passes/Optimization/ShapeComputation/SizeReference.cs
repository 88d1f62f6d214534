using ModelBuild.Compression.Passes.Optimization.Merging;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.ShapeComputation;

/// <summary>One size of a value, as exporters compute it: one element of its <c>Shape</c>, as a list of one element.</summary>
/// <param name="Source">The value that has the size.</param>
/// <param name="Axis">The axis, counted from the front.</param>
internal sealed record SizeReference(string Source, int Axis)
{
    /// <summary>Returns the size that a list of one element holds; null if the element is not a size of a value.</summary>
    public static SizeReference? Of(Site site, string value)
    {
        if (site.Producer(value, "Unsqueeze") is { } unsqueeze)
            return site.Producer(unsqueeze.Input[0], "Gather") is { } scalar && site.Constant(scalar.Input[1]) is { Dims: [] }
                ? Gathered(site, scalar.Input[0], scalar.Input[1])
                : null;
        if (site.Producer(value, "Gather") is { } gather)
            return site.Constant(gather.Input[1]) is { Dims: [1] } ? Gathered(site, gather.Input[0], gather.Input[1]) : null;
        if (site.Producer(value, "Slice") is { } slice)
            return SliceRanges.Of(site, slice) is [{ Step: 1, Axis: 0 or -1, Start: >= 0 } range] && range.End == range.Start + 1
                ? Element(site, slice.Input[0], range.Start)
                : null;
        return site.Producer(value, "Shape") is { } shape && shape.GetInt("end", -1) == shape.GetInt("start") + 1 && shape.GetInt("start") >= 0
            ? new SizeReference(shape.Input[0], (int)shape.GetInt("start"))
            : null;
    }

    private static SizeReference? Gathered(Site site, string shape, string index) => site.Integers(index) is [var at] ? Element(site, shape, at) : null;

    private static SizeReference? Element(Site site, string list, long index)
    {
        if (site.Producer(list, "Shape") is not { } shape || shape.Attribute("start") is not null || shape.Attribute("end") is not null)
            return null;
        var axis = index < 0 ? index + site.Rank(shape.Input[0]) : index;
        return axis is >= 0 ? new SizeReference(shape.Input[0], (int)axis) : null;
    }
}
