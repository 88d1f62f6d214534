using ModelBuild.Imaging.Tests.Support;
using ModelBuild.Runtime;

namespace ModelBuild.Imaging.Tests;

/// <summary>Copies of images in all formats, and of parts of pictures.</summary>
public sealed class ViewTests
{
    [Theory]
    [InlineData(PixelFormat.Rgb, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(PixelFormat.Bgr, new byte[] { 3, 2, 1, 6, 5, 4 })]
    [InlineData(PixelFormat.Rgba, new byte[] { 1, 2, 3, 0, 4, 5, 6, 77 })]
    [InlineData(PixelFormat.Bgra, new byte[] { 3, 2, 1, 0, 6, 5, 4, 77 })]
    public void A_view_of_colors_is_copied(PixelFormat format, byte[] row)
    {
        byte[] pixels = [.. row, 9, 9, .. row];
        using var picture = Picture.FromView(new ImageView(pixels, 2, 2, format, row.Length + 2));
        pixels.AsSpan().Clear();

        Assert.Equal([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], Rgb.Of(picture));
    }

    [Fact]
    public void A_view_of_gray_pixels_is_copied()
    {
        using var picture = Picture.FromView(new ImageView(new byte[] { 7, 200 }, 1, 2, PixelFormat.Gray));

        Assert.Equal([7, 7, 7, 200, 200, 200], Rgb.Of(picture));
    }

    [Fact]
    public void Floats_are_rounded_and_limited()
    {
        float[] values = [0, 1, 0.5f, -3, 7, float.NaN, 0.999f, float.PositiveInfinity, 2f / 255];
        byte[] expected = [0, 255, 128, 0, 255, 0, 255, 255, 2];

        using var colors = Picture.FromView(new ImageView(values, 3, 1, PixelFormat.RgbFloat));
        using var grays = Picture.FromView(new ImageView(values, 9, 1, PixelFormat.GrayFloat));

        Assert.Equal(expected, Rgb.Of(colors));
        Assert.Equal(expected.SelectMany(value => Enumerable.Repeat(value, 3)), Rgb.Of(grays));
    }

    [Fact]
    public void The_default_view_is_not_a_picture() => Assert.Throws<ArgumentException>(() => Picture.FromView(default));

    [Theory]
    [InlineData(2, 3, 6, 5, 4, 2)]
    [InlineData(2.2f, 3.9f, 5.1f, 4.01f, 4, 2)]
    [InlineData(-5, -5, 3, 4, 3, 4)]
    [InlineData(20, 10, 1e30f, 100, 4, 6)]
    public void A_crop_has_the_pixels_that_the_box_covers(float left, float top, float right, float bottom, int width, int height)
    {
        using var picture = Picture.Load(Files.PathOf("rgb.png"));

        using var crop = picture.Crop(new ImageBox(left, top, right, bottom));

        Assert.Equal((width, height), (crop.Width, crop.Height));
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            Assert.Equal(Rgb.At(picture, (int)MathF.Max(0, left) + x, (int)MathF.Max(0, top) + y), Rgb.At(crop, x, y));
    }

    [Theory]
    [InlineData(24, 0, 30, 10)]
    [InlineData(5, 5, 5, 10)]
    [InlineData(6, 5, 5, 10)]
    [InlineData(-9, 0, 0, 10)]
    [InlineData(float.NaN, 0, 5, 10)]
    [InlineData(0, 0, 5, float.NaN)]
    public void A_crop_without_a_pixel_is_an_error(float left, float top, float right, float bottom)
    {
        using var picture = Picture.Load(Files.PathOf("rgb.png"));

        Assert.Throws<ArgumentException>(() => picture.Crop(new ImageBox(left, top, right, bottom)));
    }
}
