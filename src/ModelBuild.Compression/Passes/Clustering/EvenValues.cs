namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// Values at even distances, zero among them. Of all values of which indices take few bits once they are coded by how frequent they are, these are next to the best ones
/// at any number of bits (Sullivan 1996, Efficient Scalar Quantization of Exponential and Laplacian Random Variables); what is near zero goes to it, and need not be pruned.
/// </summary>
internal static class EvenValues
{
    private const int Bisections = 12;

    /// <summary>The values.</summary>
    /// <param name="count">How many.</param>
    /// <param name="distance">Their distance.</param>
    public static Codebook Of(int count, double distance) => new(Enumerable.Range(-(count - 1) / 2, count).Select(i => (float)(i * distance)));

    /// <summary>The distance at which the nearest values of some weights take so many bits, or less where the values would not reach to all weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="count">How many values there are.</param>
    /// <param name="bits">The mean bits of an index.</param>
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

    /// <summary>How many bits an index takes where each is coded by how frequent it is, which a zip comes near to: the entropy.</summary>
    /// <param name="codes">The indices.</param>
    /// <param name="count">How many values there are.</param>
    public static double Bits(int[] codes, int count)
    {
        var counts = new int[count];
        foreach (var code in codes)
            counts[code]++;
        return counts.Where(some => some > 0).Sum(some => -some * Math.Log2((double)some / codes.Length)) / codes.Length;
    }
}
