namespace ModelBuild.Protocol;

/// <summary>Specifies the meaning of the four numbers of a box.</summary>
internal enum BoxForm
{
    /// <summary>The numbers are left, top, right and bottom.</summary>
    Corners,

    /// <summary>The numbers are top, left, bottom and right.</summary>
    CornersYFirst,

    /// <summary>The numbers are the centre's x and y, the width and the height.</summary>
    Center,

    /// <summary>The numbers are left, top, width and height.</summary>
    Size,
}
