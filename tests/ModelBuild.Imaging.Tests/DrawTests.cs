using ModelBuild.Imaging.Drawing;
using ModelBuild.Imaging.Pixels;
using ModelBuild.Imaging.Tests.Support;
using ModelBuild.Runtime;
using SkiaSharp;

namespace ModelBuild.Imaging.Tests;

/// <summary>Objects are drawn on gray pictures.</summary>
public sealed class DrawTests
{
    private const int Size = 300;
    private const byte Background = 128;

    private static readonly ImageBox _box = new(100, 100, 200, 180);

    [Fact]
    public void A_box_has_sides_in_the_color_of_its_class_and_nothing_inside()
    {
        using var picture = Gray();

        picture.Draw([new Detection(0, "", 1, _box)]);

        foreach (var (x, y) in new[] { (100, 140), (200, 140), (150, 180) })
            Assert.Equal(ClassColor.Of(0), new SKColor(Rgb.At(picture, x, y).Red, Rgb.At(picture, x, y).Green, Rgb.At(picture, x, y).Blue));
        Assert.Equal((Background, Background, Background), Rgb.At(picture, 150, 140));
        Assert.Equal((Background, Background, Background), Rgb.At(picture, 250, 250));
    }

    [Fact]
    public void The_view_shows_what_is_drawn()
    {
        using var picture = Gray();
        var view = picture.View;

        picture.Draw([new Detection(0, "", 1, _box)]);

        Assert.Contains(view.Pixels.ToArray(), value => value is not (Background or 255));
    }

    [Fact]
    public void Without_a_font_only_the_box_is_drawn()
    {
        var pixels = PixelCopy.Of(GrayView());
        using (var painter = new DetectionPainter(pixels, SKTypeface.Empty))
            painter.Draw([new Detection(0, "label", 0.5f, _box)]);
        using var picture = Picture.FromView(pixels.View);

        for (var y = 0; y < 97; y++)
        for (var x = 0; x < Size; x++)
            Assert.Equal((Background, Background, Background), Rgb.At(picture, x, y));
        Assert.NotEqual((Background, Background, Background), Rgb.At(picture, 150, 100));
    }

    [Fact]
    public void A_label_is_drawn_above_its_box_with_text_where_a_font_is_installed()
    {
        using var font = new LabelFont(LabelTypeface.Default, 10);
        Assert.SkipUnless(font.HasGlyphs, "No font is installed.");
        using var picture = Gray();

        picture.Draw([new Detection(0, "label", 0.87f, _box)]);

        var colors = Enumerable.Range(89, 8).SelectMany(y => Enumerable.Range(100, 50).Select(x => Rgb.At(picture, x, y))).ToArray();
        Assert.Contains(colors, color => IsNear(ClassColor.Of(0), color));
        Assert.Contains(colors, color => IsNear(ClassColor.TextOn(ClassColor.Of(0)), color));
    }

    [Fact]
    public void A_font_file_is_found_where_SkiaSharp_finds_none()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/broken.ttf", "This is not a font.");

        Assert.Same(SKTypeface.Empty, LabelTypeface.Find(SKTypeface.Empty, [folder.Path, folder.File("missing/none")]));
        var installed = Directory.Exists("/usr/share/fonts") ? Directory.GetFiles("/usr/share/fonts", "DejaVuSans.ttf", SearchOption.AllDirectories) : [];
        Assert.SkipUnless(installed.Length > 0, "The font DejaVu Sans is not installed.");
        File.Copy(installed[0], folder.File("b/Other.TTF"));
        using var found = LabelTypeface.Find(SKTypeface.Empty, [folder.Path]);
        Assert.Equal("DejaVu Sans", found.FamilyName);
    }

    [Fact]
    public void A_mask_covers_its_pixels_with_a_transparent_color()
    {
        using var picture = Gray();
        // The rows have four bytes and a gap of two bytes. The left half belongs to the object.
        byte[] rows = [255, 255, 0, 0, 9, 9, 255, 255, 0, 0];
        var mask = new DetectionMask(10, 20, new ImageView(rows, 4, 2, PixelFormat.Gray, 6));

        picture.Draw([new Detection(0, "", 1, _box) { Mask = mask }]);

        var (red, green, blue) = Rgb.At(picture, 11, 21);
        Assert.True(red > Background + 20 && green < Background - 20 && blue < Background - 20, $"{red}, {green}, {blue}");
        foreach (var (x, y) in new[] { (9, 20), (12, 20), (11, 19), (11, 22) })
            Assert.Equal((Background, Background, Background), Rgb.At(picture, x, y));
    }

    [Fact]
    public void A_mask_in_another_format_is_an_error()
    {
        using var picture = Gray();
        var mask = new DetectionMask(0, 0, new ImageView(new byte[3], 1, 1, PixelFormat.Rgb));

        Assert.Throws<ArgumentException>(() => picture.Draw([new Detection(0, "", 1, _box) { Mask = mask }]));
    }

    [Fact]
    public void A_key_point_is_a_disk()
    {
        using var picture = Gray();

        picture.Draw([new Detection(0, "", 1, _box) { Points = [new ImagePoint(250.5f, 250.5f)] }]);

        Assert.True(IsNear(ClassColor.Of(0), picture, 250, 250));
        Assert.Equal((Background, Background, Background), Rgb.At(picture, 255, 250));
    }

    [Fact]
    public void Objects_outside_of_the_picture_and_boxes_that_are_not_finite_do_no_harm()
    {
        using var picture = Gray();

        picture.Draw([
            new Detection(1, "a", 1, new ImageBox(float.NaN, 0, 10, 10)),
            new Detection(1, "a", 1, new ImageBox(0, 0, float.PositiveInfinity, 10)),
            new Detection(-1, "", float.NaN, new ImageBox(-1e30f, 1e30f, -1e29f, 1e31f)),
            new Detection(int.MinValue, "a", 2, new ImageBox(1000, 1000, 1100, 1100)) { Points = [new ImagePoint(float.NaN, 1e30f)] },
        ]);

        Assert.Equal((Background, Background, Background), Rgb.At(picture, 150, 150));
    }

    [Fact]
    public void Without_objects_nothing_is_drawn()
    {
        using var picture = Gray();

        picture.Draw([]);

        Assert.Equal(Enumerable.Repeat(Background, Size * Size * 3), Rgb.Of(picture));
    }

    [Fact]
    public void Lines_and_text_follow_the_size_of_the_picture()
    {
        var small = DrawingSizes.For(320, 240);
        var large = DrawingSizes.For(3200, 2400);

        Assert.Equal(1, small.Line);
        Assert.InRange(small.Text, 10, 12);
        Assert.InRange(large.Line, 8, 10);
        Assert.InRange(large.Text, 60, 80);
    }

    [Fact]
    public void Classes_have_different_colors_and_readable_text()
    {
        var colors = Enumerable.Range(0, 80).Select(ClassColor.Of).ToArray();

        Assert.Equal(80, colors.Distinct().Count());
        for (var i = 0; i < 20; i++)
        for (var j = 0; j < i; j++)
            Assert.InRange(Distance(colors[i], colors[j]), 25, 1000);
        foreach (var color in colors)
            Assert.InRange(Contrast(color, ClassColor.TextOn(color)), 4.5, 21);
    }

    [Theory]
    [InlineData(50, 50, 60, 60, 50, 40)]
    [InlineData(50, 5, 60, 60, 50, 5)]
    [InlineData(90, 50, 99, 60, 70, 40)]
    [InlineData(-5, -5, 120, 120, 0, 90)]
    public void A_label_lies_above_its_box_or_where_the_picture_has_room(float left, float top, float right, float bottom, float x, float y)
    {
        var places = new LabelPlaces(100, 100);

        var place = places.Next(new ImageBox(left, top, right, bottom), new SKSize(30, 10), 0);

        if (top < 0)
            Assert.Equal((0f, 0f), (place.Left, place.Top));
        else
            Assert.Equal((x, y), (place.Left, place.Top));
    }

    [Fact]
    public void Labels_of_neighbouring_boxes_do_not_cover_each_other()
    {
        var places = new LabelPlaces(100, 100);
        var box = new ImageBox(20, 20, 60, 60);

        var labels = Enumerable.Range(0, 4).Select(_ => places.Next(box, new SKSize(30, 10), 0)).ToArray();

        Assert.Equal([10f, 20, 60, 50], labels.Select(label => label.Top));
    }

    private static ImageView GrayView() => new(Enumerable.Repeat(Background, Size * Size).ToArray(), Size, Size, PixelFormat.Gray);

    private static Picture Gray() => Picture.FromView(GrayView());

    private static bool IsNear(SKColor color, Picture picture, int x, int y) => IsNear(color, Rgb.At(picture, x, y));

    private static bool IsNear(SKColor color, (byte Red, byte Green, byte Blue) pixel) => Distance(color, new SKColor(pixel.Red, pixel.Green, pixel.Blue)) < 90;

    private static double Contrast(SKColor a, SKColor b)
    {
        var (low, high) = (Math.Min(ClassColor.Luminance(a), ClassColor.Luminance(b)), Math.Max(ClassColor.Luminance(a), ClassColor.Luminance(b)));
        return (high + 0.05) / (low + 0.05);
    }

    private static double Distance(SKColor a, SKColor b) =>
        Math.Sqrt(Math.Pow(a.Red - b.Red, 2) + Math.Pow(a.Green - b.Green, 2) + Math.Pow(a.Blue - b.Blue, 2));
}
