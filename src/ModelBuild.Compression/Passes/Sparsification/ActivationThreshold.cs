using ModelBuild.Compression.Calibration.Statistics;

namespace ModelBuild.Compression.Passes.Sparsification;

/// <summary>Computes the threshold of an activation from the histogram of its inputs.</summary>
internal static class ActivationThreshold
{
    /// <summary>
    /// Returns the number that a share of the inputs does not exceed, between two borders of bins in proportion to the counts; 0 if it would be negative, or if
    /// all inputs are equal.
    /// </summary>
    public static float Of(TensorStatistics inputs, double share)
    {
        if (inputs.Histogram is not { } histogram || inputs.Max <= inputs.Min)
            return 0;
        var (below, wanted) = (0.0, share * histogram.Sum());
        var width = ((double)inputs.Max - inputs.Min) / histogram.Length;
        for (var bin = 0; bin < histogram.Length; bin++)
        {
            if (histogram[bin] > 0 && below + histogram[bin] >= wanted)
                return Math.Max(0, (float)(inputs.Min + ((bin + ((wanted - below) / histogram[bin])) * width)));
            below += histogram[bin];
        }

        return 0;
    }
}
