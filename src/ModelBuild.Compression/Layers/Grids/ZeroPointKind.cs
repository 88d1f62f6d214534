namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The zero points that a format of weights can hold.</summary>
internal enum ZeroPointKind
{
    /// <summary>All are 0: a symmetric grid.</summary>
    None,

    /// <summary>Whole numbers in the range of the codes.</summary>
    Whole,

    /// <summary>Any number.</summary>
    Real,
}
