namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>Specifies which elements of a value may be infinite or NaN.</summary>
[Flags]
internal enum Extremes
{
    /// <summary>All elements are finite numbers.</summary>
    None = 0,

    /// <summary>Some elements may be −∞, but never all elements of a row along the last axis.</summary>
    NegativeInfinity = 1,

    /// <summary>All elements of a row along the last axis may be −∞.</summary>
    NegativeRows = 2,

    /// <summary>Some elements may be ∞.</summary>
    PositiveInfinity = 4,

    /// <summary>Some elements may be NaN.</summary>
    NaN = 8,

    /// <summary>−∞ in either form.</summary>
    Negative = NegativeInfinity | NegativeRows,

    /// <summary>∞ of either sign.</summary>
    Infinite = Negative | PositiveInfinity,
}
