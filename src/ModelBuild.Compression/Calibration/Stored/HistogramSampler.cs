using ModelBuild.Compression.Calibration.Ranges;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>Draws random numbers with the distribution of a histogram: the middle of a bin, or exactly zero for the bin of zero.</summary>
internal sealed class HistogramSampler
{
    private readonly BinnedValues? _values;
    private readonly long[] _upTo;

    /// <summary>Initializes an instance that draws from the histogram of a tensor.</summary>
    public HistogramSampler(TensorStatistics statistics)
    {
        // There are no binned values if both extremes are 0, because a histogram needs a range. A tensor of zeros, or one without values, has none.
        _values = statistics is { Min: 0, Max: 0 } ? null : BinnedValues.Of(statistics, isSymmetric: false);
        var sum = 0L;
        _upTo = [.. (_values?.Counts ?? []).Select(count => sum += count)];
    }

    /// <summary>Draws the next random number from the distribution of the histogram.</summary>
    public float Next(SplitMix64 random)
    {
        if (_values is null)
            return 0;
        var place = Array.BinarySearch(_upTo, random.Below(_upTo[^1]) + 1);
        var bin = place < 0 ? ~place : place;
        // The binary search may return any of several neighbouring bins with equal cumulative counts. Only the first of these bins has counts, so this bin is
        // used.
        while (bin > 0 && _upTo[bin - 1] == _upTo[bin])
            bin--;
        return (float)_values.Value(bin);
    }
}
