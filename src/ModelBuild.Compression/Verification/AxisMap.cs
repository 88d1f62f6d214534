using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>Maps the axes of an earlier value to the axes of an output: for each axis the corresponding axis of the output; −1 for none.</summary>
/// <param name="Axes">The axis of the output for each axis of the value.</param>
internal sealed record AxisMap(int[] Axes)
{
    /// <summary>Returns the map of an output with the given number of axes to itself.</summary>
    public static AxisMap Identity(int rank) => new([.. Enumerable.Range(0, rank)]);

    /// <summary>Returns the map for the first input of a node that passes its values on to its output, or null when shapes are unknown.</summary>
    public AxisMap? Through(NodeProto node, long[]? input, long[]? output)
    {
        if (node.Is("Transpose"))
            return Transposed(node.GetInts("perm") ?? [.. Enumerable.Range(0, Axes.Length).Select(axis => (long)(Axes.Length - 1 - axis))]);
        if (node.OpType is not ("Reshape" or "Flatten" or "Squeeze" or "Unsqueeze"))
            return this;
        if (input is null || output is null || output.Length != Axes.Length)
            return null;
        // Two axes of a reshaped tensor correspond if they have the same size and the same number of elements before them.
        return new AxisMap([
            .. input.Select(
                (size, axis) =>
                    Enumerable
                        .Range(0, output.Length)
                        .Where(other => output[other] == size && Size(input, axis) == Size(output, other))
                        .Select(other => Axes[other])
                        .DefaultIfEmpty(-1)
                        .Last()
            ),
        ]);
    }

    private AxisMap? Transposed(long[] permutation)
    {
        if (permutation.Length != Axes.Length)
            return null;
        var axes = new int[Axes.Length];
        foreach (var (to, from) in permutation.Index())
            axes[from] = Axes[to];
        return new AxisMap(axes);
    }

    private static long Size(long[] shape, int axes) => shape.Take(axes).Aggregate(1L, (product, size) => product * size);
}
