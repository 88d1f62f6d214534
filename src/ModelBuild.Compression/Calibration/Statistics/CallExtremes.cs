using System.Numerics.Tensors;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>The smallest and largest values of one tensor in one call.</summary>
/// <param name="Min">The smallest finite value; +∞ when there is none.</param>
/// <param name="Max">The largest finite value; −∞ when there is none.</param>
/// <param name="IsFinite">Whether all values are finite.</param>
/// <param name="ChannelMin">The smallest finite value of each channel; null when not requested or when the tensor has no such axis.</param>
/// <param name="ChannelMax">The largest finite value of each channel.</param>
internal sealed record CallExtremes(float Min, float Max, bool IsFinite, float[]? ChannelMin, float[]? ChannelMax)
{
    /// <summary>Finds the extremes of a tensor in row-major order.</summary>
    /// <param name="values">The elements.</param>
    /// <param name="shape">The sizes of its dimensions.</param>
    /// <param name="axis">The channel axis, negative from the end; null when channels are not requested.</param>
    public static CallExtremes Of(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, int? axis)
    {
        var (min, max) = Whole(values);
        // The slow search over finite values is needed only if an extreme is not finite. The minimum of values with NaN is NaN, and an infinity is an extreme.
        var isFinite = values.IsEmpty || (float.IsFinite(min) && float.IsFinite(max));
        if (!isFinite)
            (min, max) = FiniteOnly(values);
        var index = axis < 0 ? axis + shape.Length : axis;
        if (index is not { } at || at < 0 || at >= shape.Length)
            return new CallExtremes(min, max, isFinite, null, null);
        var (least, greatest) = Channels(values, (int)shape[at], (int)SampleArray.Count(shape[(at + 1)..]), isFinite);
        return new CallExtremes(min, max, isFinite, least, greatest);
    }

    private static (float Min, float Max) Whole(ReadOnlySpan<float> values) =>
        values.IsEmpty ? (float.PositiveInfinity, float.NegativeInfinity) : (TensorPrimitives.Min(values), TensorPrimitives.Max(values));

    private static (float Min, float Max) FiniteOnly(ReadOnlySpan<float> values)
    {
        var (min, max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
            if (float.IsFinite(value))
                (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return (min, max);
    }

    private static (float[] Min, float[] Max) Channels(ReadOnlySpan<float> values, int channels, int inner, bool isFinite)
    {
        var (least, greatest) = (new float[channels], new float[channels]);
        Array.Fill(least, float.PositiveInfinity);
        Array.Fill(greatest, float.NegativeInfinity);
        if (inner == 1 && isFinite)
        {
            for (; !values.IsEmpty; values = values[channels..])
            {
                TensorPrimitives.Min(least, values[..channels], least);
                TensorPrimitives.Max(greatest, values[..channels], greatest);
            }

            return (least, greatest);
        }

        for (var channel = 0; !values.IsEmpty; values = values[inner..], channel = (channel + 1) % channels)
        {
            var (min, max) = isFinite ? Whole(values[..inner]) : FiniteOnly(values[..inner]);
            least[channel] = Math.Min(least[channel], min);
            greatest[channel] = Math.Max(greatest[channel], max);
        }

        return (least, greatest);
    }
}
