namespace ModelBuild.Compression.Randomness;

/// <summary>Creates random orders that depend only on a seed, by the shuffle of Fisher and Yates.</summary>
internal static class Permutation
{
    /// <summary>Puts the items into a random order. Each order is equally likely.</summary>
    public static void Shuffle(Span<int> items, ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)random.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Returns the numbers from 0 to below <paramref name="count"/> in a random order.</summary>
    public static int[] Create(int count, ulong seed)
    {
        var items = new int[count];
        for (var i = 0; i < count; i++)
            items[i] = i;
        Shuffle(items, seed);
        return items;
    }
}
