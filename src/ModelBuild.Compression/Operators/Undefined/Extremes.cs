namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>What the elements of a value may be besides finite numbers.</summary>
[Flags]
internal enum Extremes
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>Some are −∞, but not all of a row along the last axis.</summary>
    NegativeInfinity = 1,

    /// <summary>All of a row along the last axis may be −∞.</summary>
    NegativeRows = 2,

    /// <summary>Some may be ∞.</summary>
    PositiveInfinity = 4,

    /// <summary>Some may not be numbers.</summary>
    NaN = 8,

    /// <summary>−∞ in either form.</summary>
    Negative = NegativeInfinity | NegativeRows,

    /// <summary>∞ of either sign.</summary>
    Infinite = Negative | PositiveInfinity,
}
