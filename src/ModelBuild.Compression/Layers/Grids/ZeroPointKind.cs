namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The zero points that a weight format can hold.</summary>
internal enum ZeroPointKind
{
    /// <summary>All zero points are 0: the grid is symmetric.</summary>
    None,

    /// <summary>Zero points are integers in the range of the codes.</summary>
    Whole,

    /// <summary>Zero points are real numbers.</summary>
    Real,
}
