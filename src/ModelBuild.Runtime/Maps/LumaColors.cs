using ModelBuild.Runtime.Pictures;

namespace ModelBuild.Runtime.Maps;

/// <summary>
/// Combines the brightness of one image with the colours of another image: Y comes from the first, and Cb and Cr come from the second. The matrix is that of
/// JPEG (ITU-T T.871).
/// </summary>
internal static class LumaColors
{
    private static readonly ImageDescription _rgb = ImageDescriptionParser.Parse("rgb");

    /// <summary>Returns an image in the format <see cref="PixelFormat.Rgb"/> with the brightness of one image and the colours of another.</summary>
    /// <param name="luma">The brightness, in the format <see cref="PixelFormat.Gray"/>.</param>
    /// <param name="colors">The image with the colours.</param>
    /// <param name="axes">The part of the colours that becomes the size of the brightness.</param>
    public static ImageView Apply(in ImageView luma, in ImageView colors, OutputAxes axes)
    {
        var size = new ImageSize(luma.Width, luma.Height);
        var pixels = new byte[checked(size.Width * size.Height * 3)];
        var plan = ImagePlan.ForOutput(new ImageSize(colors.Width, colors.Height), size, axes.Horizontal, axes.Vertical);
        new ImageResampler(plan, _rgb, ImageLayout.Nhwc).Run<byte>(colors, pixels);
        var brightness = luma.Pixels;
        for (var i = 0; i < brightness.Length; i++)
        {
            var (red, green, blue) = (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]);
            var cb = (-0.168736f * red) - (0.331264f * green) + (0.5f * blue);
            var cr = (0.5f * red) - (0.418688f * green) - (0.081312f * blue);
            pixels[i * 3] = Byte(brightness[i] + (1.402f * cr));
            pixels[(i * 3) + 1] = Byte(brightness[i] - (0.344136f * cb) - (0.714136f * cr));
            pixels[(i * 3) + 2] = Byte(brightness[i] + (1.772f * cb));
        }

        return new ImageView(pixels, size.Width, size.Height, PixelFormat.Rgb);
    }

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
