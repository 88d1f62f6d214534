namespace ModelBuild.Runtime;

/// <summary>Specifies how a pool of device memory grows.</summary>
public enum ArenaGrowth
{
    /// <summary>The pool grows by powers of two, which needs fewer allocations.</summary>
    NextPowerOfTwo,

    /// <summary>The pool grows by the requested size, which needs less memory.</summary>
    SameAsRequested,
}
