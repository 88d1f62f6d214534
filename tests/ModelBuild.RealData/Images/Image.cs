namespace ModelBuild.RealData.Images;

/// <summary>The pixels of an image.</summary>
/// <param name="Width">The number of pixels in a row.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Rgb">The red, green and blue of each pixel, in row-major order.</param>
public sealed record Image(int Width, int Height, byte[] Rgb);
