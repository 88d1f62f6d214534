namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// Divides bits among layers. A layer's relative error falls by a factor of four with each bit of its weights, so that the sum of all layers' errors is least where each has an error in
/// proportion to the number of its weights: half a bit less for twice as many (reverse water-filling, Cover and Thomas 2006, section 10.3).
/// </summary>
internal static class BitBudget
{
    /// <summary>The bits of each layer's indices.</summary>
    /// <param name="mean">The mean over all weights.</param>
    /// <param name="weights">How many weights each layer has.</param>
    public static double[] Divide(double mean, IReadOnlyList<int> weights)
    {
        var total = weights.Sum(count => (double)count);
        var level = weights.Sum(count => count / total * Math.Log2(count));
        return [.. weights.Select(count => mean + (level - Math.Log2(count)) / 2)];
    }
}
