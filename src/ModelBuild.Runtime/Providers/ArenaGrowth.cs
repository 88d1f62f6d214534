namespace ModelBuild.Runtime;

/// <summary>How a pool of device memory grows.</summary>
public enum ArenaGrowth
{
    /// <summary>By growing powers of two: fewer allocations.</summary>
    NextPowerOfTwo,

    /// <summary>By what is needed: less memory.</summary>
    SameAsRequested,
}
