namespace ModelBuild.Compression.Randomness;

/// <summary>
/// Numbers that look random and are the same for a seed on every machine and with every version of .NET: SplitMix64 (Steele, Lea and Flood, "Fast
/// splittable pseudorandom number
/// generators", 2014).
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number of 0…1, without 1: the upper 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below <paramref name="limit"/>: the upper half of a product of 128 bits. Limits far below 2⁶⁴ leave no bias
    /// that could be seen.</summary>
    /// <param name="limit">More than 0.</param>
    public long Below(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>
    /// A number near to normally distributed with a deviation of 1: the sum of twelve uniform numbers minus six (Irwin and Hall), which needs no
    /// function that processors round differently.
    /// </summary>
    public double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += NextDouble();
        return sum;
    }
}
