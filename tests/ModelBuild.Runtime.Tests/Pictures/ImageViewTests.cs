namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>An image checks that its pixels are there.</summary>
public sealed class ImageViewTests
{
    [Theory]
    [InlineData(PixelFormat.Rgb, 3)]
    [InlineData(PixelFormat.Bgra, 4)]
    [InlineData(PixelFormat.Gray, 1)]
    [InlineData(PixelFormat.RgbFloat, 12)]
    public void A_row_has_the_bytes_of_its_format(PixelFormat format, int bytes)
    {
        var image = new ImageView(new byte[5 * 2 * bytes], 5, 2, format);

        Assert.Equal(5 * bytes, image.Stride);
        Assert.Equal(5 * bytes, image.Row(1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Row(2).Length);
    }

    [Fact]
    public void The_last_row_may_end_with_its_last_pixel()
    {
        Assert.Equal(6, new ImageView(new byte[16 + 6], 2, 2, PixelFormat.Rgb, 16).Row(1).Length);
        var fault = Assert.Throws<ArgumentException>(() => new ImageView(new byte[16 + 5], 2, 2, PixelFormat.Rgb, 16));
        Assert.Contains("has 22 bytes; the pixels have 21", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(1, 0, 3)]
    [InlineData(-1, 1, 3)]
    [InlineData(1, 1, 2)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(1_000_000, 1_000_000, int.MaxValue)]
    [InlineData(1_000_000, 1_000_000, 3_000_000)]
    public void A_size_without_pixels_is_refused(int width, int height, int stride) =>
        Assert.Throws<ArgumentException>(() => new ImageView(new byte[100], width, height, PixelFormat.Rgb, stride));

    [Fact]
    public void A_wrong_format_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ImageView(new byte[100], 2, 2, (PixelFormat)99));
        Assert.Throws<ArgumentException>(() => new ImageView(new float[100], 2, 2, PixelFormat.Rgb));
    }
}
