namespace ModelBuild.Protocol;

/// <summary>Represents a step that keeps the middle of an image. An image that is smaller is padded with zeros.</summary>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
internal sealed record ImageCrop(int Width, int Height);
