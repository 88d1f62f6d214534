namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>Specifies which elements of a value may be infinite or NaN.</summary>
[Flags]
internal enum Extremes
{
    /// <summary>All elements of the value are finite numbers.</summary>
    None = 0,

    /// <summary>Some elements may be −∞, but never all elements of a row along the last axis.</summary>
    NegativeInfinity = 1,

    /// <summary>All elements of some row along the last axis may be −∞.</summary>
    NegativeRows = 2,

    /// <summary>Some elements may be ∞.</summary>
    PositiveInfinity = 4,

    /// <summary>Some elements may be NaN.</summary>
    NaN = 8,

    /// <summary>Some or all elements of a row along the last axis may be −∞.</summary>
    Negative = NegativeInfinity | NegativeRows,

    /// <summary>Some elements may be ∞ or −∞.</summary>
    Infinite = Negative | PositiveInfinity,
}
