namespace ModelBuild.Protocol;

/// <summary>A step that keeps the middle of an image. Where the image is smaller, it is padded with zeros.</summary>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
internal sealed record ImageCrop(int Width, int Height);
