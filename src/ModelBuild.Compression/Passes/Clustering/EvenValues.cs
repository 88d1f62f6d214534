namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// Values at even distances, zero among them. At any number of bits, entropy-coded indices of these values are close to the best possible ones (Sullivan
/// 1996, Efficient Scalar Quantization of Exponential and Laplacian Random Variables). Weights near zero become zero, so they need not be pruned first.
/// </summary>
internal static class EvenValues
{
    private const int Bisections = 12;

    /// <summary>Returns the codebook with a number of values at a distance from each other.</summary>
    /// <param name="count">The number of values.</param>
    /// <param name="distance">The distance between two neighbouring values.</param>
    public static Codebook Of(int count, double distance) => new(Enumerable.Range(-(count - 1) / 2, count).Select(i => (float)(i * distance)));

    /// <summary>
    /// Returns the distance at which indices of the nearest values have the given entropy. The entropy is smaller if the values must be further apart to cover
    /// all weights.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="count">The number of values.</param>
    /// <param name="bits">The mean number of bits of an index.</param>
    public static double Distance(float[] weights, int count, double bits)
    {
        var range = 2.0 * weights.Max(Math.Abs);
        var (low, high) = (range / (count - 1), range);
        for (var i = 0; i < Bisections; i++)
        {
            var middle = Math.Sqrt(low * high);
            var book = Of(count, middle);
            if (Bits(Array.ConvertAll(weights, weight => book.Nearest(weight)), count) > bits)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    /// <summary>Returns the entropy of the indices in bits, which the size in a zip is close to.</summary>
    /// <param name="codes">The indices.</param>
    /// <param name="count">The number of values.</param>
    public static double Bits(int[] codes, int count)
    {
        var counts = new int[count];
        foreach (var code in codes)
            counts[code]++;
        return counts.Where(some => some > 0).Sum(some => -some * Math.Log2((double)some / codes.Length)) / codes.Length;
    }
}
