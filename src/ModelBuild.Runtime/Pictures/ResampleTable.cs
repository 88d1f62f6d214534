namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// Holds the windows of all elements along one axis in the form that the loops of a resize read: every window has the same number of elements, so that the
/// loops have no branches that depend on the element. Added elements have the weight 0.
/// </summary>
internal sealed class ResampleTable
{
    private ResampleTable(int first, int end, int taps, int[] starts, float[] weights)
    {
        First = first;
        End = end;
        Taps = taps;
        Starts = starts;
        Weights = weights;
    }

    /// <summary>Gets the first source element that a window contains.</summary>
    public int First { get; }

    /// <summary>Gets the index after the last source element that a window contains.</summary>
    public int End { get; }

    /// <summary>Gets the number of elements of each window.</summary>
    public int Taps { get; }

    /// <summary>Gets the first source element of each window. The values do not decrease.</summary>
    public int[] Starts { get; }

    /// <summary>Gets the weights of all windows, <see cref="WeightStep"/> for each; the last of an odd number is followed by 0.</summary>
    public float[] Weights { get; }

    /// <summary>Gets the number of weights for each window: <see cref="Taps"/>, or the next even number, so that loops can compute two at a time.</summary>
    public int WeightStep => EvenTaps(Taps);

    /// <summary>Gets the number of elements of the result.</summary>
    public int Count => Starts.Length;

    /// <summary>Creates the table of a range of elements. The parameters are those of <see cref="ResampleWindows.Create"/>.</summary>
    public static ResampleTable Create(ResampleAxis axis, int first, int count, ImageFilter filter, bool antialias)
    {
        var windows = ResampleWindows.Create(axis, first, count, filter, antialias);
        var (low, high) = (windows.Min(window => window.Start), windows.Max(window => window.End));

        // A window can start after the next window, because elements of weight 0 at its ends were removed. The start of a window is lowered to that of the next
        // window if necessary, so that rows can be discarded in their order.
        var starts = Array.ConvertAll(windows, window => window.Start);
        for (var i = count - 2; i >= 0; i--)
            starts[i] = Math.Min(starts[i], starts[i + 1]);
        var taps = 1;
        for (var i = 0; i < count; i++)
            taps = Math.Max(taps, windows[i].End - starts[i]);

        var weights = new float[checked(count * EvenTaps(taps))];
        for (var i = 0; i < count; i++)
        {
            // A window at the end of the source starts earlier, so that it does not go beyond the source.
            starts[i] = Math.Min(starts[i], high - taps);
            for (var tap = 0; tap < windows[i].Weights.Length; tap++)
                weights[(i * EvenTaps(taps)) + windows[i].Start - starts[i] + tap] = (float)windows[i].Weights[tap];
        }

        return new ResampleTable(low, high, taps, starts, weights);
    }

    private static int EvenTaps(int taps) => taps + (taps & 1);
}
