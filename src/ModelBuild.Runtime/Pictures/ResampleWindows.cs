namespace ModelBuild.Runtime.Pictures;

/// <summary>Computes the windows of the filters of a resize as PIL, OpenCV and torch define them.</summary>
internal static class ResampleWindows
{
    private const double AveragingCubic = -0.5;
    private const double InterpolatingCubic = -0.75;

    /// <summary>Computes the windows of a range of elements of the result.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="first">The first element of the result.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="antialias">Whether a smaller result averages all elements of the source.</param>
    public static ResampleWindow[] Create(ResampleAxis axis, int first, int count, ImageFilter filter, bool antialias)
    {
        var windows = new ResampleWindow[count];
        if (filter == ImageFilter.NearestExact)
            FillNearestExact(axis, first, windows);
        else
            for (var i = 0; i < count; i++)
                windows[i] =
                    filter == ImageFilter.Nearest ? Nearest(axis, first + i)
                    : antialias ? Averaging(axis, first + i, filter)
                    : Interpolating(axis, first + i, filter);
        return windows;
    }

    private static ResampleWindow Nearest(ResampleAxis axis, int index)
    {
        // The position is computed from integers if the interval has integer bounds, so that a product at the edge of a pixel is not rounded to the pixel
        // before it.
        var position =
            axis.From == Math.Floor(axis.From) && axis.To == Math.Floor(axis.To)
                ? axis.From + (index * (long)(axis.To - axis.From) / axis.Size)
                : axis.From + (index * axis.Scale);
        return ResampleWindow.Of(Clamp(axis, position));
    }

    // Fills the positions of the filter nearest-exact by adding them up in double precision, as PIL does. Results at the edges of pixels depend on the errors
    // of these sums.
    private static void FillNearestExact(ResampleAxis axis, int first, Span<ResampleWindow> windows)
    {
        var position = axis.From + (axis.Scale * 0.5);
        for (var i = 0; i < first + windows.Length; i++, position += axis.Scale)
            if (i >= first)
                windows[i - first] = ResampleWindow.Of(Clamp(axis, position));
    }

    // Computes the window of an averaging filter, which is stretched by the scale and centred on the element. Elements outside of the source are left out.
    private static ResampleWindow Averaging(ResampleAxis axis, int index, ImageFilter filter)
    {
        var stretch = Math.Max(axis.Scale, 1);
        var support = stretch * (filter == ImageFilter.Bilinear ? 1 : 2);
        var center = axis.From + ((index + 0.5) * axis.Scale);
        var start = (int)Math.Max(Math.Floor(center - support + 0.5), axis.Low);
        var end = (int)Math.Min(Math.Floor(center + support + 0.5), axis.High);
        if (end <= start)
            return ResampleWindow.Of(Clamp(axis, center));
        var weights = new double[end - start];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Weight(filter, (start + i - center + 0.5) / stretch, AveragingCubic);
        var sum = weights.Sum();
        if (sum == 0)
            return ResampleWindow.Of(Clamp(axis, center));
        for (var i = 0; i < weights.Length; i++)
            weights[i] /= sum;
        return new ResampleWindow(start, weights).Trim();
    }

    // Computes the window of an interpolating filter, which has the same width at every scale. Elements outside of the source have the value of the nearest
    // element inside.
    private static ResampleWindow Interpolating(ResampleAxis axis, int index, ImageFilter filter)
    {
        var position = axis.From + ((index + 0.5) * axis.Scale) - 0.5;
        var floor = Math.Floor(position);
        var reach = filter == ImageFilter.Bilinear ? 1 : 2;
        var start = Clamp(axis, floor - reach + 1);
        var weights = new double[Clamp(axis, floor + reach) - start + 1];
        for (var offset = 1 - reach; offset <= reach; offset++)
            weights[Clamp(axis, floor + offset) - start] += Weight(filter, floor + offset - position, InterpolatingCubic);
        return new ResampleWindow(start, weights).Trim();
    }

    private static double Weight(ImageFilter filter, double distance, double coefficient)
    {
        var x = Math.Abs(distance);
        if (filter == ImageFilter.Bilinear)
            return Math.Max(1 - x, 0);
        return x < 1 ? ((((coefficient + 2) * x) - (coefficient + 3)) * x * x) + 1
            : x < 2 ? coefficient * (((((x - 5) * x) + 8) * x) - 4)
            : 0;
    }

    private static int Clamp(ResampleAxis axis, double position) => (int)Math.Clamp(Math.Floor(position), axis.Low, axis.High - 1);
}
