namespace ModelBuild.Protocol;

/// <summary>Specifies how the size of a resized image is determined.</summary>
internal enum ImageResizeKind
{
    /// <summary>The shorter side gets the given size, and the ratio stays.</summary>
    ShorterSide,

    /// <summary>Both sides get the given sizes.</summary>
    Stretch,

    /// <summary>The whole image is at the top left of the given size with its ratio.</summary>
    FitTopLeft,

    /// <summary>The whole image is in the middle of the given size with its ratio.</summary>
    FitCentered,
}
