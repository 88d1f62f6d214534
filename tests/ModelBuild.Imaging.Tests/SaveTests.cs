using ModelBuild.Imaging.Tests.Support;
using ModelBuild.Runtime;

namespace ModelBuild.Imaging.Tests;

/// <summary>Saved pictures are loaded again.</summary>
public sealed class SaveTests
{
    [Theory]
    [InlineData("a.png", 0)]
    [InlineData("a.PNG", 0)]
    [InlineData("a.jpg", 6)]
    [InlineData("a.JPEG", 6)]
    [InlineData("a.webp", 6)]
    public void The_extension_chooses_the_format(string name, double maxMean)
    {
        using var folder = new TemporaryFolder();
        using var picture = Picture.Load(Files.PathOf("rgb.png"));

        picture.Save(folder.File(name));

        using var saved = Picture.Load(folder.File(name));
        var (max, mean) = Rgb.Difference(Rgb.Of(picture), Rgb.Of(saved));
        Assert.InRange(mean, 0, maxMean);
        Assert.Equal(maxMean == 0, max == 0);
    }

    [Theory]
    [InlineData(PictureFormat.Png, new byte[] { 0x89, (byte)'P' })]
    [InlineData(PictureFormat.Jpeg, new byte[] { 0xFF, 0xD8 })]
    [InlineData(PictureFormat.Webp, new byte[] { (byte)'R', (byte)'I' })]
    public void A_stream_gets_the_format_and_stays_open(PictureFormat format, byte[] start)
    {
        using var picture = Picture.Load(Files.PathOf("rgb.png"));
        using var stream = new MemoryStream();

        picture.Save(stream, format);

        Assert.Equal(start, stream.ToArray()[..2]);
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void A_lower_quality_makes_a_smaller_file(PictureFormat format)
    {
        using var picture = Picture.Load(Files.PathOf("rgb.png"));

        Assert.True(Length(10) < Length(90));
        Assert.True(Length(90) < Length(100));

        long Length(int quality)
        {
            using var stream = new MemoryStream();
            picture.Save(stream, format, quality);
            return stream.Length;
        }
    }

    [Theory]
    [InlineData("a.gif")]
    [InlineData("a.bmp")]
    [InlineData("a")]
    [InlineData("a.png.txt")]
    public void Another_extension_is_an_error_that_names_the_formats(string name)
    {
        using var folder = new TemporaryFolder();
        using var picture = Picture.Load(Files.PathOf("rgb.png"));

        var error = Assert.Throws<ArgumentException>(() => picture.Save(folder.File(name)));

        Assert.StartsWith($"'{folder.File(name)}' does not end with .png, .jpg, .jpeg or .webp", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void The_quality_is_from_1_to_100(int quality)
    {
        using var picture = Picture.Load(Files.PathOf("rgb.png"));

        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Save(Stream.Null, PictureFormat.Jpeg, quality));
    }

    [Fact]
    public void An_unknown_format_is_an_error()
    {
        using var picture = Picture.Load(Files.PathOf("rgb.png"));

        Assert.Throws<ArgumentException>(() => picture.Save(Stream.Null, (PictureFormat)9));
    }

    [Theory]
    [InlineData("a.webp", 16_384)]
    [InlineData("a.jpg", 65_501)]
    public void A_picture_that_is_too_long_for_the_format_leaves_the_file_as_it_was(string name, int width)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(name, "before");
        using var picture = Picture.FromView(new ImageView(new byte[width], width, 1, PixelFormat.Gray));

        var error = Assert.Throws<PictureException>(() => picture.Save(path));

        Assert.StartsWith($"A picture of {width}x1 pixels is too large", error.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(path));
    }

    [Fact]
    public void The_longest_picture_of_each_format_is_saved()
    {
        using var webp = Picture.FromView(new ImageView(new byte[16_383], 16_383, 1, PixelFormat.Gray));
        using var jpeg = Picture.FromView(new ImageView(new byte[65_500], 1, 65_500, PixelFormat.Gray));
        using var stream = new MemoryStream();

        webp.Save(stream, PictureFormat.Webp);
        Assert.InRange(stream.Length, 1, 100_000);
        jpeg.Save(stream, PictureFormat.Jpeg);
        Assert.InRange(stream.Length, 1000, 1_000_000);
    }
}
