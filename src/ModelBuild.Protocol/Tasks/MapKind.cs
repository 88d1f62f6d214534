namespace ModelBuild.Protocol;

/// <summary>Specifies the kind of the numbers of a map.</summary>
internal enum MapKind
{
    /// <summary>The numbers determine the class of each pixel: they are scores of all classes, indices of classes, or one channel for the foreground.</summary>
    Classes,

    /// <summary>The map has one number for each pixel, such as a depth.</summary>
    Values,

    /// <summary>The numbers are the channels of an image.</summary>
    Image,
}
