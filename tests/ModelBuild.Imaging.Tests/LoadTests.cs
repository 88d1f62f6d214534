using ModelBuild.Imaging.Tests.Support;

namespace ModelBuild.Imaging.Tests;

/// <summary>Pictures have the pixels that PIL decodes from the same files.</summary>
public sealed class LoadTests
{
    // Decoders of lossy formats may round differently. Those that PIL 9.4 and SkiaSharp 4.155 contain do not.
    private const int MaxDifference = 2;
    private const double MaxMean = 0.1;

    public static TheoryData<string, Source> Cases =>
        new MatrixTheoryData<string, Source>(Files.Names, Enum.GetValues<Source>()) is var cases ? [.. cases.Select(row => row.Data)] : [];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_picture_has_the_pixels_that_PIL_decodes(string name, Source source)
    {
        using var picture = Load(name, source);

        var (max, mean) = Rgb.Difference(Files.Expected(name), Rgb.Of(picture));

        var isLossy = name.EndsWith(".jpg", StringComparison.Ordinal) || name == "lossy.webp";
        Assert.InRange(max, 0, isLossy ? MaxDifference : 0);
        Assert.InRange(mean, 0, isLossy ? MaxMean : 0);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 23, 0)]
    [InlineData(3, 23, 15)]
    [InlineData(4, 0, 15)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 15, 0)]
    [InlineData(7, 15, 23)]
    [InlineData(8, 0, 23)]
    public void The_corner_that_the_file_stores_first_is_where_the_orientation_puts_it(int orientation, int x, int y)
    {
        using var picture = Picture.Load(Files.PathOf($"orientation{orientation}.jpg"));

        Assert.Equal(orientation < 5 ? (24, 16) : (16, 24), (picture.Width, picture.Height));
        var (red, green, blue) = Rgb.At(picture, x, y);
        Assert.InRange(red, 220, 255);
        Assert.InRange(green, 0, 60);
        Assert.InRange(blue, 0, 60);
    }

    [Fact]
    public void A_stream_is_read_from_its_position_and_stays_open()
    {
        using var stream = new MemoryStream([1, 2, 3, .. Files.Read("rgb.png")]);
        stream.Position = 3;

        using var picture = Picture.Load(stream);

        Assert.Equal(Files.Expected("rgb.png"), Rgb.Of(picture));
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void The_bytes_may_be_part_of_an_array()
    {
        byte[] file = [9, 9, .. Files.Read("rgb.png"), 9];

        using var picture = Picture.Load(file.AsMemory(2, file.Length - 3));

        Assert.Equal(Files.Expected("rgb.png"), Rgb.Of(picture));
    }

    [Fact]
    public void The_view_has_the_pixels_without_a_copy_and_outlives_the_picture()
    {
        var picture = Picture.Load(Files.PathOf("rgb.png"));
        var view = picture.View;

        Assert.True(view.Pixels == picture.View.Pixels);
        Assert.Equal("24x16 Rgba", view.ToString());
        Assert.Equal("24x16 Rgba", picture.ToString());
        picture.Dispose();

        Assert.Equal(250, view.Pixels[0]);
        Assert.Throws<ObjectDisposedException>(() => picture.View);
        Assert.Throws<ObjectDisposedException>(() => picture.Width);
        Assert.Throws<ObjectDisposedException>(() => picture.Height);
    }

    [Fact]
    public void Threads_may_load_pictures_at_the_same_time()
    {
        var names = Files.Names.ToArray();

        Parallel.For(
            0,
            200,
            i =>
            {
                using var picture = Picture.Load(Files.PathOf(names[i % names.Length]));
                Assert.InRange(Rgb.Difference(Files.Expected(names[i % names.Length]), Rgb.Of(picture)).Max, 0, MaxDifference);
            }
        );
    }

    private static Picture Load(string name, Source source)
    {
        switch (source)
        {
            case Source.Path:
                return Picture.Load(Files.PathOf(name));
            case Source.Bytes:
                return Picture.Load(Files.Read(name));
            default:
                using (Stream stream = source == Source.Stream ? new MemoryStream(Files.Read(name)) : new OneWayStream(Files.Read(name)))
                    return Picture.Load(stream);
        }
    }
}
