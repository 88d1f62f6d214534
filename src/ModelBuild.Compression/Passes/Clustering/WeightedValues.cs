using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// Sorted numbers, each with the total weight of the input numbers that are equal to it. If there are more different numbers than a limit, they are first put
/// into that many bins of the same width. The boundaries of clusters are then exact to within a bin, and the values are still the means of their members.
/// </summary>
/// <param name="Values">The numbers, or the means of the bins; ascending.</param>
/// <param name="Weights">The weight of each number; positive.</param>
internal sealed record WeightedValues(double[] Values, double[] Weights)
{
    /// <summary>Returns the sorted numbers of a tensor with their weights.</summary>
    /// <param name="values">Finite numbers.</param>
    /// <param name="weights">The weight of each number; empty if all count alike. Numbers of weight 0 are left out.</param>
    /// <param name="limit">The largest number of different points.</param>
    /// <param name="withZero">Whether zeros are included.</param>
    public static WeightedValues Of(ReadOnlySpan<float> values, ReadOnlySpan<double> weights, int limit, bool withZero = true)
    {
        var sums = new Dictionary<float, double>();
        for (var i = 0; i < values.Length; i++)
        {
            if ((values[i] == 0 && !withZero) || (weights.Length > 0 && weights[i] <= 0))
                continue;
            CollectionsMarshal.GetValueRefOrAddDefault(sums, values[i], out _) += weights.Length > 0 ? weights[i] : 1;
            if (sums.Count > limit)
                return Bins(values, weights, limit, withZero);
        }

        var different = sums.OrderBy(sum => sum.Key).ToArray();
        return new WeightedValues([.. different.Select(sum => (double)sum.Key)], [.. different.Select(sum => sum.Value)]);
    }

    private static WeightedValues Bins(ReadOnlySpan<float> values, ReadOnlySpan<double> weights, int count, bool withZero)
    {
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        var scale = count / (greatest - least);
        var (totals, sums) = (new double[count], new double[count]);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == 0 && !withZero)
                continue;
            var bin = Math.Min(count - 1, (int)((values[i] - least) * scale));
            var weight = weights.Length > 0 ? weights[i] : 1;
            totals[bin] += weight;
            sums[bin] += weight * values[i];
        }

        var used = Enumerable.Range(0, count).Where(bin => totals[bin] > 0).ToArray();
        return new WeightedValues([.. used.Select(bin => sums[bin] / totals[bin])], [.. used.Select(bin => totals[bin])]);
    }
}
