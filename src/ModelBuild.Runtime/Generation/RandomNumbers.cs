namespace ModelBuild.Runtime.Generation;

/// <summary>
/// Generates pseudorandom numbers that depend only on the seed: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
internal struct RandomNumbers(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Returns a random number from 0 to below 1, which consists of the upper 53 bits of the next 64-bit number.</summary>
    public double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
