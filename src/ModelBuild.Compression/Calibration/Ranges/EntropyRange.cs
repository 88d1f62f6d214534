namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>
/// The range whose quantized distribution diverges least from the one seen (Migacz 2017, 8-bit inference with TensorRT). For each candidate range, P
/// is the histogram inside with what lies outside added to the outermost bins, and Q what the grid leaves of the inside: bins merged into as many
/// groups as there are levels, each group spread evenly over its bins that are not empty. The candidate with the least Kullback-Leibler divergence Σ
/// p·log(p/q) wins, the widest of equals. Candidates come from the whole histogram by taking away one bin after another, at the end where fewer
/// values are lost, towards zero. Zero itself is represented exactly whatever the range, so its bin takes no part. Other values that come again and
/// again, such as what a channel gives on an even background, are spikes of one bin: a level holds each of them, off by half a step at most, so they
/// are symbols of their own, the same in P and Q, and only count as lost where the range leaves them out. Spread over the bins of their level they
/// would seem to diverge, the more the wider the level is, and ranges of one bin a level would win.
/// </summary>
/// <remarks>Σ p·log p and the groups' sums come from prefix sums, so that a candidate costs one logarithm a level: every bin can be tried.</remarks>
internal sealed class EntropyRange
{
    // Filled bins to either side that say how high the density is around one: about a level of 8 bits when the range is whole.
    private const int Neighbours = 8;

    private readonly BinnedValues _values;
    private readonly int _groups;

    // Without spikes.
    private readonly long[] _counts;

    // Sums over the bins before each one: of all values, of those without spikes, of bins that are not empty, of n·log n.
    private readonly long[] _before;
    private readonly long[] _smooth;
    private readonly int[] _filled;
    private readonly double[] _logs;

    private EntropyRange(BinnedValues values, int groups)
    {
        (_values, _groups) = (values, groups);
        long[] all = [.. values.Counts];
        all[values.ZeroBin] = 0;
        _counts = WithoutSpikes(all);
        _before = new long[_counts.Length + 1];
        _smooth = new long[_counts.Length + 1];
        _filled = new int[_counts.Length + 1];
        _logs = new double[_counts.Length + 1];
        for (var i = 0; i < _counts.Length; i++)
        {
            _before[i + 1] = _before[i] + all[i];
            _smooth[i + 1] = _smooth[i] + _counts[i];
            _filled[i + 1] = _filled[i] + (_counts[i] > 0 ? 1 : 0);
            _logs[i + 1] = _logs[i] + NLogN(_counts[i]);
        }
    }

    private long Total => _before[^1];

    /// <summary>The range for a grid of <paramref name="groups"/> levels; the whole one where bins are not finer than levels.</summary>
    public static (float Min, float Max) Find(BinnedValues values, int groups) => new EntropyRange(values, groups).Find();

    private (float Min, float Max) Find()
    {
        var (low, high) = (0, _counts.Length);
        var (best, least) = ((Low: low, High: high), double.PositiveInfinity);
        while (high - low >= _groups && Total > 0)
        {
            var divergence = Divergence(low, high);
            if (divergence < least)
                (best, least) = ((low, high), divergence);
            var canRise = low < _values.ZeroBin;
            var canFall = high - 1 > _values.ZeroBin;
            if (!canRise && !canFall)
                break;
            if (canRise && (!canFall || IsLowerEndNext(low, high)))
                low++;
            else
                high--;
        }

        return ((float)_values.Edge(best.Low), (float)_values.Edge(best.High));
    }

    // What exceeds the median of the filled bins around.
    private static long[] WithoutSpikes(long[] counts)
    {
        int[] filled = [.. Enumerable.Range(0, counts.Length).Where(bin => counts[bin] > 0)];
        long[] smooth = [.. counts];
        for (var i = 0; i < filled.Length; i++)
        {
            long[] around = [.. filled[Math.Max(0, i - Neighbours)..Math.Min(filled.Length, i + Neighbours + 1)].Select(bin => counts[bin]).Order()];
            smooth[filled[i]] = Math.Min(counts[filled[i]], around[around.Length / 2]);
        }

        return smooth;
    }

    private bool IsLowerEndNext(int low, int high)
    {
        var (below, above) = (_before[low + 1], Total - _before[high - 1]);
        return below < above || (below == above && _values.ZeroBin - low > high - 1 - _values.ZeroBin);
    }

    private double Divergence(int low, int high)
    {
        var (below, above, inside) = (_before[low], Total - _before[high], _before[high] - _before[low]);
        // Almost everything in the outermost bin is like itself again, whatever it was. And where an empty bin takes what lies outside, Q is zero and P is not.
        if (2 * inside < Total || (below > 0 && _counts[low] == 0) || (above > 0 && _counts[high - 1] == 0))
            return double.PositiveInfinity;
        var sum = _logs[high] - _logs[low] + NLogN(_counts[low] + below) - NLogN(_counts[low]) + NLogN(_counts[high - 1] + above) - NLogN(_counts[high - 1]);
        for (var group = 0; group < _groups; group++)
        {
            var from = low + (group * (high - low) / _groups);
            var to = low + ((group + 1) * (high - low) / _groups);
            var q = _smooth[to] - _smooth[from];
            if (q == 0)
                continue;
            var p = q + (group == 0 ? below : 0) + (group == _groups - 1 ? above : 0);
            sum -= p * Math.Log((double)q / (_filled[to] - _filled[from]));
        }

        return (sum / Total) + Math.Log((double)inside / Total);
    }

    private static double NLogN(long n) => n > 0 ? n * Math.Log(n) : 0;
}
