using ModelBuild.Compression.Training.Explanation;

namespace ModelBuild.Compression.Training.Normalizations;

/// <summary>
/// The mean and the population variance of each channel over the rows and positions of many batches, in double precision. The sums of squares of parts are
/// joined around their means, so that a large mean does not cancel the variance (Chan, Golub and LeVeque 1979, "Updating formulae and a pairwise algorithm
/// for computing sample variances").
/// </summary>
/// <param name="channels">The number of channels.</param>
internal sealed class ChannelMoments(int channels)
{
    private readonly double[] _means = new double[channels];
    private readonly double[] _squares = new double[channels];
    private readonly long[] _counts = new long[channels];

    /// <summary>Adds the activations of a batch to the statistics.</summary>
    /// <param name="batch">A value [rows, channels, …], or [rows] for one channel.</param>
    public void Add(FloatValue batch)
    {
        var rows = (int)batch.Shape[0];
        var positions = rows == 0 ? 0 : batch.Values.Length / rows / channels;
        for (var row = 0; row < rows && positions > 0; row++)
        for (var channel = 0; channel < channels; channel++)
            Add(channel, batch.Values.AsSpan(((row * channels) + channel) * positions, positions));
    }

    /// <summary>Returns the mean of each channel.</summary>
    public float[] Means() => Array.ConvertAll(_means, mean => (float)mean);

    /// <summary>Returns the variance of each channel: the mean square of the distances from the mean.</summary>
    public float[] Variances() => [.. _squares.Zip(_counts, (sum, count) => (float)(sum / count))];

    private void Add(int channel, ReadOnlySpan<float> values)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        var (before, distance) = (_counts[channel], mean - _means[channel]);
        var share = (double)values.Length / (before + values.Length);
        _counts[channel] = before + values.Length;
        _means[channel] += distance * share;
        _squares[channel] += squares + (distance * distance * before * share);
    }
}
