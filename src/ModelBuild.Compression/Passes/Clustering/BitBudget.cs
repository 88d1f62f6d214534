namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// Divides bits among layers. Each further bit divides the squared relative error of a layer by four. The sum of the errors of all layers is therefore least
/// where the error of each layer is proportional to the number of its weights: a layer with twice as many weights gets half a bit less (reverse
/// water-filling, Cover and Thomas 2006, section 10.3).
/// </summary>
internal static class BitBudget
{
    /// <summary>Returns the number of bits of the indices of each layer.</summary>
    /// <param name="mean">The mean number of bits over all weights.</param>
    /// <param name="weights">The number of weights of each layer.</param>
    public static double[] Divide(double mean, IReadOnlyList<int> weights)
    {
        var total = weights.Sum(count => (double)count);
        var level = weights.Sum(count => count / total * Math.Log2(count));
        return [.. weights.Select(count => mean + (level - Math.Log2(count)) / 2)];
    }
}
