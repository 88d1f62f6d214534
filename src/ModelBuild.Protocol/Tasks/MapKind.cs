namespace ModelBuild.Protocol;

/// <summary>Specifies the kind of the numbers of a map.</summary>
internal enum MapKind
{
    /// <summary>The class of each pixel: scores of all classes, indices of classes, or one channel for the foreground.</summary>
    Classes,

    /// <summary>One number for each pixel, such as a depth.</summary>
    Values,

    /// <summary>The channels of an image.</summary>
    Image,
}
