using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Divides an output into sets of rows.</summary>
internal static class RowSets
{
    /// <summary>Returns the sets of an output, each with its rows.</summary>
    public static double[][][] Of(OutputValues values, RowLayout layout)
    {
        if (values.Shape.Length == 0)
            return
            [
                [values.Numbers],
            ];
        var axis = Axis(values, layout);
        var (outer, rows, inner) = (Size(values.Shape[..axis]), (int)values.Shape[axis], Size(values.Shape[(axis + 1)..]));
        double[] Row(int set, int row) => values.Numbers.AsSpan(((set * rows) + row) * inner, inner).ToArray();
        return layout.AreColumns
            ?
            [
                [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, outer).SelectMany(set => Row(set, row)).ToArray())],
            ]
            : [.. Enumerable.Range(0, outer).Select(set => Enumerable.Range(0, rows).Select(row => Row(set, row)).ToArray())];
    }

    /// <summary>Returns the number of rows of an output without a layout, whose axes except the last count rows.</summary>
    public static long Count(long[] shape) => shape.Length < 2 ? Size(shape) : Size(shape[..^1]);

    /// <summary>Returns the axis of an output that counts rows.</summary>
    public static int Axis(OutputValues values, RowLayout layout) =>
        layout.Axis < 0 || layout.Axis >= values.Shape.Length ? values.Shape.Length - 1 : layout.Axis;

    private static int Size(long[] shape) => checked((int)shape.Aggregate(1L, (product, size) => product * size));
}
