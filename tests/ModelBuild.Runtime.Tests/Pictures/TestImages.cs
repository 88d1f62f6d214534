namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>Images that follow from a formula.</summary>
internal static class TestImages
{
    /// <summary>Returns the pixels of an RGB image with many edges; <c>fixtures.py</c> has the same formula.</summary>
    public static byte[] Source(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        for (var c = 0; c < 3; c++)
            pixels[(((y * width) + x) * 3) + c] = (byte)(((x * 7) + (y * 13) + (c * 101)) ^ ((x * y * 3) + (c * 29)));
        return pixels;
    }

    public static ImageView Rgb(int width, int height) => new(Source(width, height), width, height, PixelFormat.Rgb);

    /// <summary>Returns the same image with floats from 0 to 1.</summary>
    public static ImageView Floats(int width, int height) =>
        new(Array.ConvertAll(Source(width, height), value => value / 255f), width, height, PixelFormat.RgbFloat);

    /// <summary>Prepares an image for a model with dynamic dimensions.</summary>
    public static float[] Prepare(string description, in ImageView image, ImageLayout layout = ImageLayout.Nhwc)
    {
        var preparation = new ImagePreparation(description, layout, 0, 0, 0);
        var size = preparation.Size(image.Width, image.Height);
        var values = new float[preparation.Channels * size.Width * size.Height];
        preparation.Write(image, values);
        return values;
    }
}
