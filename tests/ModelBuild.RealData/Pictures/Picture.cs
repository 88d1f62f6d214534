namespace ModelBuild.RealData.Pictures;

/// <summary>Pixels of a picture.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb">Red, green and blue of each pixel, row after row.</param>
public sealed record Picture(int Width, int Height, byte[] Rgb);
