namespace ModelBuild.Protocol;

/// <summary>The four numbers of a box.</summary>
internal enum BoxForm
{
    /// <summary>Left, top, right, bottom.</summary>
    Corners,

    /// <summary>Top, left, bottom, right.</summary>
    CornersYFirst,

    /// <summary>The centre's x and y, width, height.</summary>
    Center,

    /// <summary>Left, top, width, height.</summary>
    Size,
}
