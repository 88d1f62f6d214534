using ModelBuild.Compression.Passes.Optimization.Merging;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.ShapeComputation;

/// <summary>
/// Replaces sizes that are known before the model runs by constants: <c>Shape</c>, <c>Size</c>, and <c>Gather</c> and <c>Slice</c> of a shape, if the
/// selected sizes are known.
/// </summary>
internal sealed class SizeOfValue() : Pattern<TensorProto>("known sizes replaced by constants", "Shape", "Size", "Gather", "Slice")
{
    protected override TensorProto? Match(Site site)
    {
        var node = site.Node;
        return site.Scope.IsOutputAnywhere(node.Output[0])
            ? null
            : node.OpType switch
            {
                "Shape" => List(Sizes(site, node)),
                "Size" => site.KnownShape(node.Input[0]) is { } shape ? Tensors.Create<long>("", [], [shape.Aggregate(1L, (a, b) => a * b)]) : null,
                "Gather" => Gathered(site),
                _ => Sliced(site),
            };
    }

    protected override void Rewrite(Site site, TensorProto match)
    {
        site.Scope.Remove(site.Node);
        site.Scope.AddInitializer(match.WithName(site.Node.Output[0]));
    }

    private static long[]? Sizes(Site site, NodeProto shape)
    {
        if (site.Shape(shape.Input[0]) is not { } sizes)
            return null;
        var start = Clamp(shape.GetInt("start"), sizes.Length);
        var end = Clamp(shape.GetInt("end", sizes.Length), sizes.Length);
        return start < end ? sizes[start..end] : [];
    }

    private static TensorProto? Gathered(Site site)
    {
        if (
            site.Producer(site.Node.Input[0], "Shape") is not { } shape
            || site.Constant(site.Node.Input[1]) is not { } indexes
            || Sizes(site, shape) is not { } sizes
        )
            return null;
        var taken = new List<long>();
        foreach (var index in site.Integers(site.Node.Input[1]) ?? [])
        {
            var at = index < 0 ? index + sizes.Length : index;
            if (at < 0 || at >= sizes.Length)
                return null;
            taken.Add(sizes[at]);
        }

        return taken.Count == indexes.ElementCount() && taken.All(size => size >= 0) ? Tensors.Create<long>("", [.. indexes.Dims], [.. taken]) : null;
    }

    private static TensorProto? Sliced(Site site)
    {
        if (
            site.Producer(site.Node.Input[0], "Shape") is not { } shape
            || SliceRanges.Of(site, site.Node) is not [{ Step: 1, Axis: 0 or -1 } range]
            || Sizes(site, shape) is not { } sizes
        )
            return null;
        var (start, end) = (Clamp(range.Start, sizes.Length), Clamp(range.End, sizes.Length));
        return List(start < end ? sizes[start..end] : []);
    }

    private static TensorProto? List(long[]? sizes) =>
        sizes is not null && sizes.All(size => size >= 0) ? Tensors.Create<long>("", [sizes.Length], sizes) : null;

    private static int Clamp(long index, int length) => (int)Math.Clamp(index < 0 ? index + length : index, 0, length);
}
