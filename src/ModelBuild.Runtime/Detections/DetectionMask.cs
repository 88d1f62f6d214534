namespace ModelBuild.Runtime;

/// <summary>Represents the pixels of an image that belong to an object. The mask covers a part of the image.</summary>
/// <param name="X">The column of the original image where the mask starts.</param>
/// <param name="Y">The row of the original image where the mask starts.</param>
/// <param name="Pixels">An image in the format <see cref="PixelFormat.Gray"/>: 255 for a pixel of the object, 0 for another one.</param>
public sealed record DetectionMask(int X, int Y, ImageView Pixels);
