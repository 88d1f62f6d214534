namespace ModelBuild.Compression.Calibration.Ranges;

/// <summary>
/// Finds the range whose quantized distribution diverges least from the measured one (Migacz 2017, 8-bit inference with TensorRT). For each candidate range,
/// P is the histogram inside the range, with the counts outside added to the outermost bins. Q is the distribution after quantization: the bins are merged
/// into as many groups as there are levels, and each group is spread evenly over its bins that are not empty. The candidate with the least Kullback-Leibler
/// divergence Σ p·log(p/q) is chosen, and the widest of equal ones. Candidates result from the whole histogram by removing one bin after another, at the end
/// where fewer values are lost, towards zero. Zero is represented exactly in every range, so that its bin does not count. Other frequent values, such as the
/// output of a channel on an even background, are spikes of one bin. A level represents each of them with an error of half a step at most. Spikes are
/// therefore equal in P and Q, and count only as lost when a range excludes them. If they were spread over the bins of their level, they would add a
/// divergence that grows with the width of the level, and ranges with one bin per level would always be chosen.
/// </summary>
/// <remarks>Prefix sums hold Σ p·log p and the sums of groups, so that a candidate costs one logarithm per level. All candidates can be evaluated.</remarks>
internal sealed class EntropyRange
{
    // The number of filled bins on either side that estimate the density around a bin: about one 8-bit level of the whole range.
    private const int Neighbours = 8;

    private readonly BinnedValues _values;
    private readonly int _groups;

    // The counts of the histogram's bins after spikes are removed.
    private readonly long[] _counts;

    // Prefix sums over the bins: all values, values without spikes, bins that are not empty, and n·log n.
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

    /// <summary>
    /// Returns the range for a grid of <paramref name="groups"/> levels. The result is the whole range when bins are not finer than levels.
    /// </summary>
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

    // Removes spikes from a histogram: limits each count to the median of the filled bins around it.
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
        // A candidate is invalid if it loses most values, because its P is nearly one bin and equals any Q. It is also invalid if an empty outermost bin
        // receives the values outside the range, because Q is zero in this bin and P is not.
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
