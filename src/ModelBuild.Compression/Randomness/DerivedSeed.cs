namespace ModelBuild.Compression.Randomness;

/// <summary>Makes seeds of independent sequences from one seed, so that the numbers for one item do not depend on those for others.</summary>
internal static class DerivedSeed
{
    /// <summary>Returns the seed for an item, which follows from one seed and the item's keys.</summary>
    /// <param name="seed">The seed of all items.</param>
    /// <param name="keys">The numbers that name the item.</param>
    public static ulong Of(ulong seed, params ReadOnlySpan<long> keys)
    {
        foreach (var key in keys)
            seed = new SplitMix64(seed ^ new SplitMix64((ulong)key).Next()).Next();
        return seed;
    }
}
