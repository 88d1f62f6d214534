using ModelBuild.Compression.Calibration.Ranges;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>Draws numbers as often as the data had them: the middle of a histogram's bin by its count, and zero itself for the bin of zero.</summary>
internal sealed class SeenValues
{
    private readonly BinnedValues? _values;
    private readonly long[] _upTo;

    /// <summary>Takes a histogram.</summary>
    public SeenValues(TensorStatistics statistics)
    {
        // All zeros, or nothing at all, has no bins to speak of.
        _values = statistics is { Min: 0, Max: 0 } ? null : BinnedValues.Of(statistics, isSymmetric: false);
        var sum = 0L;
        _upTo = [.. (_values?.Counts ?? []).Select(count => sum += count)];
    }

    /// <summary>The next number.</summary>
    public float Next(SplitMix64 random)
    {
        if (_values is null)
            return 0;
        var place = Array.BinarySearch(_upTo, random.Below(_upTo[^1]) + 1);
        var bin = place < 0 ? ~place : place;
        // Of equal sums the first one is the bin that has the count.
        while (bin > 0 && _upTo[bin - 1] == _upTo[bin])
            bin--;
        return (float)_values.Value(bin);
    }
}
