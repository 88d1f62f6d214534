namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>The values that clustered weights share.</summary>
internal sealed class Codebook
{
    // The limit of the work of dynamic programming: the number of different points times the number of clusters.
    private const int MaxWork = 1 << 20;
    private const int MaxValues = 1 << 16;

    private readonly double[] _middles;

    /// <param name="values">The values; at least one.</param>
    public Codebook(IEnumerable<float> values)
    {
        Values = [.. values.Distinct().Order()];
        _middles = [.. Values.Skip(1).Zip(Values, (next, value) => ((double)value + next) / 2)];
    }

    /// <summary>The values of the codebook in ascending order.</summary>
    public float[] Values { get; }

    /// <summary>Returns the codebook with the least squared error for the weights, by optimal k-means.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="importance">The factor of each weight's squared error; empty if all weights count alike.</param>
    /// <param name="clusters">The largest number of values.</param>
    /// <param name="keepZero">Whether 0 must be one of the values.</param>
    public static Codebook Fit(ReadOnlySpan<float> weights, ReadOnlySpan<double> importance, int clusters, bool keepZero)
    {
        var points = WeightedValues.Of(weights, importance, Math.Min(MaxValues, MaxWork / clusters), withZero: !keepZero);
        var values = points.Values.Length == 0 ? [] : OptimalKMeans.Fit(points, keepZero ? clusters - 1 : clusters).Select(value => (float)value);
        return new Codebook(keepZero || points.Values.Length == 0 ? values.Append(0) : values);
    }

    /// <summary>Returns the index of the value nearest to <paramref name="value"/>; the index of the greater value in a tie.</summary>
    public int Nearest(double value)
    {
        var (first, last) = (0, _middles.Length);
        while (first < last)
        {
            var middle = (first + last) / 2;
            if (value < _middles[middle])
                last = middle;
            else
                first = middle + 1;
        }

        return first;
    }
}
