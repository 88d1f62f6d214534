namespace ModelBuild.Protocol;

/// <summary>Represents a step that resizes an image.</summary>
/// <param name="Kind">The rule that determines the size.</param>
/// <param name="Width">The width in pixels; the length of the shorter side for <see cref="ImageResizeKind.ShorterSide"/>.</param>
/// <param name="Height">The height in pixels; the length of the shorter side for <see cref="ImageResizeKind.ShorterSide"/>.</param>
/// <param name="Filter">The filter that computes the pixels.</param>
/// <param name="Antialias">Whether a smaller image averages all pixels of the original, as PIL does; false for the definition of OpenCV.</param>
/// <param name="Padding">The pixel value, 0…255, of the area that the image does not cover.</param>
internal sealed record ImageResize(ImageResizeKind Kind, int Width, int Height, ImageFilter Filter, bool Antialias, double Padding);
