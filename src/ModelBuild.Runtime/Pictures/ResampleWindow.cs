namespace ModelBuild.Runtime.Pictures;

/// <summary>Represents the source elements from which one element of the result is computed.</summary>
/// <param name="Start">The index of the first element.</param>
/// <param name="Weights">The weights of the elements; their sum is 1.</param>
internal readonly record struct ResampleWindow(int Start, double[] Weights)
{
    /// <summary>Gets the index after the last source element of the window.</summary>
    public int End => Start + Weights.Length;

    /// <summary>Creates a window of one element.</summary>
    public static ResampleWindow Of(int index) => new(index, [1]);

    /// <summary>Returns the window without elements of the weight 0 at both ends.</summary>
    public ResampleWindow Trim()
    {
        var (first, last) = (0, Weights.Length - 1);
        while (first < last && Weights[first] == 0)
            first++;
        while (last > first && Weights[last] == 0)
            last--;
        return new ResampleWindow(Start + first, Weights[first..(last + 1)]);
    }
}
