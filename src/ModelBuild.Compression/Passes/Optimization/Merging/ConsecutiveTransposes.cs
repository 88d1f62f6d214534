using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Merges two transposes, or removes both if they cancel.</summary>
internal sealed class ConsecutiveTransposes() : Pattern<ConsecutiveTransposes.Pair>("transposes merged", "Transpose")
{
    internal sealed record Pair(string Source, long[] Permutation);

    protected override Pair? Match(Site site)
    {
        if (site.Producer(site.Node.Input[0], "Transpose") is not { } inner)
            return null;
        var rank = site.Rank(inner.Input[0]);
        if (
            (Permutation(inner, rank) ?? Reversed(site.Node, inner)) is not { } first
            || (Permutation(site.Node, rank) ?? Reversed(inner, site.Node)) is not { } second
            || first.Length != second.Length
        )
            return null;
        long[] both = [.. second.Select(axis => first[axis])];
        // If other nodes read the result of the first transpose, merging is worthwhile only if the second transpose disappears.
        return IsIdentity(both) || site.IsReadOnce(site.Node.Input[0]) ? new Pair(inner.Input[0], both) : null;
    }

    protected override void Rewrite(Site site, Pair match)
    {
        if (IsIdentity(match.Permutation))
        {
            site.Forward(match.Source);
            return;
        }

        var merged = site.Node.Clone();
        merged.Input[0] = match.Source;
        merged.SetAttribute("perm", match.Permutation);
        site.Scope.Replace(site.Node, merged);
    }

    private static bool IsIdentity(long[] permutation) => permutation.Index().All(axis => axis.Index == axis.Item);

    private static long[]? Permutation(NodeProto transpose, int? rank) => transpose.GetInts("perm") ?? (rank is { } known ? Reverse(known) : null);

    // Returns the permutation of a Transpose without the attribute 'perm', which reverses the axes. The permutation of the other Transpose gives the number of
    // axes.
    private static long[]? Reversed(NodeProto other, NodeProto transpose) =>
        transpose.GetInts("perm") is null && other.GetInts("perm") is { } permutation ? Reverse(permutation.Length) : null;

    private static long[] Reverse(int rank) => [.. Enumerable.Range(1, rank).Select(axis => (long)(rank - axis))];
}
