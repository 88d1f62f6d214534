namespace ModelBuild.Protocol;

/// <summary>Specifies how the size of a resized image is determined.</summary>
internal enum ImageResizeKind
{
    /// <summary>The shorter side gets the given length, and the aspect ratio is kept.</summary>
    ShorterSide,

    /// <summary>Both sides get the given lengths, so that the aspect ratio may change.</summary>
    Stretch,

    /// <summary>The image is resized with its aspect ratio to fit into the given size, and is placed at the top left.</summary>
    FitTopLeft,

    /// <summary>The image is resized with its aspect ratio to fit into the given size, and is placed in the middle.</summary>
    FitCentered,
}
