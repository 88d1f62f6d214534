using System.Numerics.Tensors;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Computes the histogram of one tensor with known extremes. Calls on several threads may add values: the counts are integers, so that their order does not
/// matter.
/// </summary>
/// <param name="min">The smallest value and the lower edge of the first bin.</param>
/// <param name="max">The largest value and the upper edge of the last bin.</param>
/// <param name="isFinite">Whether all values are finite.</param>
internal sealed class BinCounter(float min, float max, bool isFinite)
{
    private const int Last = TensorStatistics.Bins - 1;
    private const int Chunk = 1024;

    private readonly long[] _counts = new long[TensorStatistics.Bins];
    private readonly double _scale = max > min ? TensorStatistics.Bins / ((double)max - min) : 0;

    // Whether bins can be computed in float32. This requires that the difference of the extremes, and the number of bins divided by this difference, are finite
    // in float32.
    private bool IsNarrow => float.IsFinite(max - min) && float.IsFinite((float)_scale);

    /// <summary>The number of values in each bin of the histogram, after all calls.</summary>
    public long[] Counts => _counts;

    /// <summary>Returns the index of the histogram bin that contains a finite value.</summary>
    public static int BinOf(float value, float min, float max) => new BinCounter(min, max, isFinite: false).BinOf(value);

    /// <summary>Adds the finite values of one call to the histogram.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        var counts = new int[TensorStatistics.Bins];
        if (isFinite && IsNarrow)
            Count(values, counts);
        else
            CountFinite(values, counts);
        lock (_counts)
        {
            for (var i = 0; i < counts.Length; i++)
                _counts[i] += counts[i];
        }
    }

    private void Count(ReadOnlySpan<float> values, int[] counts)
    {
        Span<float> offsets = stackalloc float[Chunk];
        Span<int> bins = stackalloc int[Chunk];
        for (; !values.IsEmpty; values = values[Math.Min(Chunk, values.Length)..])
        {
            var part = values[..Math.Min(Chunk, values.Length)];
            TensorPrimitives.Subtract(part, min, offsets);
            TensorPrimitives.Multiply(offsets[..part.Length], (float)_scale, offsets);
            TensorPrimitives.ConvertToInteger<float, int>(offsets[..part.Length], bins);
            foreach (var bin in bins[..part.Length])
                counts[Math.Clamp(bin, 0, Last)]++;
        }
    }

    private void CountFinite(ReadOnlySpan<float> values, int[] counts)
    {
        foreach (var value in values)
            if (float.IsFinite(value))
                counts[BinOf(value)]++;
    }

    // Returns the bin of a value with the same arithmetic as the vectorized loop that counts values. Therefore the bin of zero can be found from the two
    // extremes, after the values are counted.
    private int BinOf(float value) =>
        IsNarrow ? Math.Clamp((int)((value - min) * (float)_scale), 0, Last) : (int)Math.Clamp(((double)value - min) * _scale, 0, Last);
}
