namespace ModelBuild.Compression.Randomness;

/// <summary>
/// Generates pseudorandom numbers that depend only on the seed, on every machine and with every version of .NET: SplitMix64 (Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", 2014).
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Returns the next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Returns a number from 0 to below 1, from the upper 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// Returns an integer from 0 to below <paramref name="limit"/>: the upper half of a 128-bit product. The bias is negligible for limits far below 2⁶⁴.
    /// </summary>
    /// <param name="limit">The limit; more than 0.</param>
    public long Below(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>
    /// Returns an approximately normally distributed number with mean 0 and standard deviation 1: the sum of twelve uniform numbers minus six (Irwin–Hall
    /// distribution). It needs no function that CPUs round differently.
    /// </summary>
    public double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += NextDouble();
        return sum;
    }
}
