using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>
/// Rewrites a <c>Resize</c> that names its axes (opset 18) to a Resize of all axes, with scale 1 or the present size for the others. ONNX Runtime moves a
/// <c>Transpose</c> past a Resize, for example beside integer convolutions. It then permutes the sizes of the Resize as if they were those of all axes.
/// </summary>
internal sealed class ResizeOfAxes() : Pattern<ResizeOfAxes.Axis>("resizings of some axes extended to all axes", "Resize")
{
    // The indices of the inputs 'scales' and 'sizes' of Resize, whose inputs are X, roi, scales and sizes.
    private const int Scales = 2;
    private const int Sizes = 3;

    internal sealed record Axis(int Rank, long[] Axes, int Input);

    protected override Axis? Match(Site site)
    {
        var node = site.Node;
        if (node.GetInts("axes") is not { Length: > 0 } named || site.Rank(node.Input[0]) is not { } rank || Axes.Normalize(named, rank) is not { } axes)
            return null;
        // A Resize with a region or a fixed ratio of sizes keeps its attribute 'axes', because both apply to the named axes only.
        if (node.GetString("coordinate_transformation_mode") == "tf_crop_and_resize" || node.GetString("keep_aspect_ratio_policy", "stretch") != "stretch")
            return null;
        return IsGiven(site, Scales) ? new Axis(rank, axes, Scales)
            : IsGiven(site, Sizes) ? new Axis(rank, axes, Sizes)
            : null;
    }

    protected override void Rewrite(Site site, Axis match)
    {
        var (scope, node, result) = (site.Scope, site.Node, site.Node.Output[0]);
        var resize = node.Clone();
        resize.RemoveAttribute("axes");
        // The region (input 'roi') is removed, because only the mode tf_crop_and_resize reads it.
        resize.Input[1] = "";
        var others = scope.FreshName($"{result}_others");
        var (all, written) = (scope.FreshName($"{result}_all"), scope.FreshName($"{result}_written"));
        List<NodeProto> nodes = [];
        int offset;
        if (match.Input == Scales)
        {
            scope.AddInitializer(Tensors.Create<float>(others, [1], [1]));
            offset = 1;
        }
        else
        {
            nodes.Add(Nodes.Create("Shape", [node.Input[0]], [others]));
            offset = match.Rank;
        }

        long[] places = [.. Enumerable.Range(0, match.Rank).Select(axis => Place(axis, match, offset))];
        nodes.Add(Nodes.Create("Concat", [others, node.Input[match.Input]], [all], attributes: ("axis", 0L)));
        nodes.Add(Nodes.Create("Gather", [all, site.Add($"{result}_places", places)], [written]));
        resize.Input[match.Input] = written;
        scope.Replace(node, [.. nodes, resize]);
    }

    // Returns whether an input of Resize is given. Exporters also write a constant without elements for an input that is not given.
    private static bool IsGiven(Site site, int input) => site.Node.InputAt(input) is { Length: > 0 } value && site.Constant(value)?.ElementCount() != 0;

    private static long Place(int axis, Axis match, int offset) =>
        Array.IndexOf(match.Axes, axis) is >= 0 and var named ? offset + named
        : match.Input == Scales ? 0
        : axis;
}
