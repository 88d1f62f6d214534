namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>
/// Finds the range with the least expected squared error Σ n·(x − Q(x))² over a histogram, where Q rounds to the grid and clips to the range (Sung, Shin,
/// Hwang 2015, resiliency of deep neural networks under quantization). The search tries a hundred scaled copies of the whole range. If the range is not
/// symmetric, it then tries a hundred positions of each end in turn until neither end changes.
/// </summary>
internal static class MseRange
{
    private const int Steps = 100;
    private const int Rounds = 4;

    /// <summary>Returns the range with the least expected squared error for a grid of <paramref name="levels"/> values.</summary>
    public static (float Min, float Max) Find(BinnedValues values, bool isSymmetric, int levels)
    {
        var (min, max) = (Math.Min(0, values.Edge(0)), Math.Max(0, values.Edge(values.Counts.Length)));
        if (isSymmetric)
        {
            max = Math.Max(-min, max);
            min = -max;
        }

        var whole = Best(values, levels, share => (share * min, share * max));
        if (isSymmetric)
            return ((float)whole.Min, (float)whole.Max);
        var best = whole;
        for (var round = 0; round < Rounds; round++)
        {
            var before = best;
            best = Best(values, levels, share => (best.Min, share * max));
            best = Best(values, levels, share => (share * min, best.Max));
            if (best == before)
                break;
        }

        return ((float)best.Min, (float)best.Max);
    }

    private static (double Min, double Max) Best(BinnedValues values, int levels, Func<double, (double Min, double Max)> candidate) =>
        // Returns the candidate range with the least squared error. Of equally good ranges MinBy returns the first, which is the widest one and clips least.
        Enumerable.Range(0, Steps).Select(step => candidate((double)(Steps - step) / Steps)).MinBy(range => Error(values, range.Min, range.Max, levels));

    private static double Error(BinnedValues values, double min, double max, int levels)
    {
        var scale = (max - min) / (levels - 1);
        var zero = Math.Round(-min / scale);
        var error = 0.0;
        for (var bin = 0; bin < values.Counts.Length; bin++)
        {
            if (values.Counts[bin] == 0)
                continue;
            var value = values.Value(bin);
            var difference = value - (scale * Math.Clamp(Math.Round(value / scale), -zero, levels - 1 - zero));
            error += values.Counts[bin] * difference * difference;
        }

        return error;
    }
}
