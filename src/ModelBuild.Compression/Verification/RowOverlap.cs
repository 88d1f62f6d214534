namespace ModelBuild.Compression.Verification;

/// <summary>
/// Computes the intersection over union of rectangles, which are given by two corners or by centre and size. The form is determined from the rectangles of the
/// original.
/// </summary>
internal static class RowOverlap
{
    // The index of the column with the class. The columns of a row of detections are x1, y1, x2, y2, score, class.
    private const int ClassColumn = 5;

    /// <summary>Returns whether all rows begin with two corners, the smaller one first.</summary>
    public static bool AreCorners(IEnumerable<double[]> rows) => rows.All(row => row[2] >= row[0] && row[3] >= row[1]);

    /// <summary>Returns the overlap of two rectangles, 0…1; 0 for rows with different classes.</summary>
    public static double Of(double[] a, double[] b, bool areCorners)
    {
        if (a.Length > ClassColumn && a[ClassColumn] != b[ClassColumn])
            return 0;
        var (x, y) = (Corners(a, areCorners), Corners(b, areCorners));
        var width = Math.Min(x.Right, y.Right) - Math.Max(x.Left, y.Left);
        var height = Math.Min(x.Bottom, y.Bottom) - Math.Max(x.Top, y.Top);
        if (a.AsSpan(0, 4).SequenceEqual(b.AsSpan(0, 4)))
            return 1;
        if (!(width > 0) || !(height > 0))
            return 0;
        var both = width * height;
        return both / (Area(x) + Area(y) - both);
    }

    private static (double Left, double Top, double Right, double Bottom) Corners(double[] row, bool areCorners) =>
        areCorners ? (row[0], row[1], row[2], row[3]) : (row[0] - (row[2] / 2), row[1] - (row[3] / 2), row[0] + (row[2] / 2), row[1] + (row[3] / 2));

    private static double Area((double Left, double Top, double Right, double Bottom) box) =>
        Math.Max(0, box.Right - box.Left) * Math.Max(0, box.Bottom - box.Top);
}
