using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Reads and writes the ranges of <c>Slice</c>: attributes before opset 10, inputs from opset 10 on.</summary>
internal static class SliceRanges
{
    /// <summary>Returns one range for each axis that a <c>Slice</c> copies; null if the ranges are not constant.</summary>
    public static SliceRange[]? Of(Site site, NodeProto slice)
    {
        if (site.Integers(slice, 1, "starts") is not { } starts || site.Integers(slice, 2, "ends") is not { } ends || starts.Length != ends.Length)
            return null;
        var axes =
            slice.InputAt(3).Length > 0 || slice.Attribute("axes") is not null
                ? site.Integers(slice, 3, "axes")
                : [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = slice.InputAt(4).Length > 0 ? site.Integers(slice.Input[4]) : [.. starts.Select(_ => 1L)];
        if (axes is null || steps is null || axes.Length != starts.Length || steps.Length != starts.Length)
            return null;
        axes = Axes.Normalize(axes, site.Rank(slice.Input[0])) ?? axes;
        return [.. axes.Select((axis, i) => new SliceRange(axis, starts[i], ends[i], steps[i]))];
    }

    /// <summary>Returns a <c>Slice</c> that copies the given ranges of a value.</summary>
    public static NodeProto Write(Site site, NodeProto slice, string source, SliceRange[] ranges)
    {
        var result = slice.Output[0];
        long[] starts = [.. ranges.Select(range => range.Start)],
            ends = [.. ranges.Select(range => range.End)],
            axes = [.. ranges.Select(range => range.Axis)];
        if (site.Opset < 10)
            return Nodes.Create("Slice", [source], [result], slice.Name, attributes: [("starts", starts), ("ends", ends), ("axes", axes)]);
        return Nodes.Create(
            "Slice",
            [
                source,
                site.Add($"{result}_starts", starts),
                site.Add($"{result}_ends", ends),
                site.Add($"{result}_axes", axes),
                site.Add($"{result}_steps", [.. ranges.Select(range => range.Step)]),
            ],
            [result],
            slice.Name
        );
    }
}
