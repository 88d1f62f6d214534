namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Reduces the output of a layer for one row to one number for each channel: the mean over all positions.</summary>
internal static class ChannelMeans
{
    /// <summary>Returns the mean of each channel.</summary>
    /// <param name="value">The output.</param>
    /// <param name="axis">The axis of the channels.</param>
    public static float[] Of(FloatValue value, int axis)
    {
        var channels = (int)value.Shape[axis];
        var inner = (int)value.Shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        var sums = new double[channels];
        for (var i = 0; i < value.Values.Length; i++)
            sums[i / inner % channels] += value.Values[i];
        var positions = Math.Max(1, value.Values.Length / Math.Max(1, channels));
        return Array.ConvertAll(sums, sum => (float)(sum / positions));
    }
}
