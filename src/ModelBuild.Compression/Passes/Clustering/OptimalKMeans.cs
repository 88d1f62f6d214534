namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// Finds the k values with the least sum of squared distances to the given numbers: the global optimum in one dimension, by dynamic programming over the
/// sorted numbers (Wang and Song 2011, Ckmeans.1d.dp). The start of the last of q clusters does not decrease when the end increases, so divide and conquer
/// solves each of the k rounds in n log n steps (Grønlund et al. 2017, arXiv 1701.07204). Sums are computed in float64 and in one order, so the result is the
/// same on any machine.
/// </summary>
internal sealed class OptimalKMeans
{
    private readonly double[] _weight;
    private readonly double[] _sum;
    private readonly double[] _square;

    private OptimalKMeans(WeightedValues points)
    {
        var count = points.Values.Length;
        (_weight, _sum, _square) = (new double[count + 1], new double[count + 1], new double[count + 1]);
        // The median is subtracted from all numbers first, so that differences of their sums do not lose digits.
        var median = points.Values[count / 2];
        for (var i = 0; i < count; i++)
        {
            var value = points.Values[i] - median;
            _weight[i + 1] = _weight[i] + points.Weights[i];
            _sum[i + 1] = _sum[i] + points.Weights[i] * value;
            _square[i + 1] = _square[i] + points.Weights[i] * value * value;
        }
    }

    /// <summary>Returns the means of the clusters in ascending order; all numbers if there are no more than <paramref name="clusters"/>.</summary>
    public static double[] Fit(WeightedValues points, int clusters)
    {
        var count = points.Values.Length;
        if (count <= clusters)
            return points.Values;
        var starts = new OptimalKMeans(points).Starts(clusters, count);
        var median = points.Values[count / 2];
        var values = new double[clusters];
        var end = count;
        for (var q = clusters - 1; q >= 0; q--)
        {
            var start = q == 0 ? 0 : starts[q][end - 1];
            var (weight, sum) = (0.0, 0.0);
            for (var i = start; i < end; i++)
            {
                weight += points.Weights[i];
                sum += points.Weights[i] * (points.Values[i] - median);
            }

            values[q] = median + sum / weight;
            end = start;
        }

        return values;
    }

    // Returns a table of clusters of sorted numbers. For q + 1 clusters of the numbers up to index i, the element [q][i] is the index where the last cluster
    // begins.
    private int[][] Starts(int clusters, int count)
    {
        var starts = new int[clusters][];
        var least = new double[count];
        for (var end = 0; end < count; end++)
            least[end] = Cost(0, end);
        for (var q = 1; q < clusters; q++)
        {
            var next = new double[count];
            starts[q] = new int[count];
            Conquer(least, next, starts[q], q, count - 1, q, count - 1);
            least = next;
        }

        return starts;
    }

    private void Conquer(double[] before, double[] least, int[] starts, int first, int last, int lowest, int highest)
    {
        while (first <= last)
        {
            var end = (first + last) / 2;
            var (best, chosen) = (double.PositiveInfinity, lowest);
            for (var start = lowest; start <= Math.Min(highest, end); start++)
            {
                var cost = before[start - 1] + Cost(start, end);
                if (cost < best)
                    (best, chosen) = (cost, start);
            }

            (least[end], starts[end]) = (best, chosen);
            Conquer(before, least, starts, first, end - 1, lowest, chosen);
            (first, lowest) = (end + 1, chosen);
        }
    }

    private double Cost(int first, int last)
    {
        var sum = _sum[last + 1] - _sum[first];
        return Math.Max(0, _square[last + 1] - _square[first] - sum * sum / (_weight[last + 1] - _weight[first]));
    }
}
