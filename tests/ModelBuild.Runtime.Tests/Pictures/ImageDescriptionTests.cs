namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>One line of text describes the input of a model.</summary>
public sealed class ImageDescriptionTests
{
    [Fact]
    public void An_empty_description_is_rgb_without_changes()
    {
        var description = ImageDescriptionParser.Parse("");

        Assert.Equal(ChannelOrder.Rgb, description.Order);
        Assert.Null(description.Resize);
        Assert.Null(description.Crop);
        Assert.Equal(Enumerable.Repeat(new ChannelValues(1, 0), 3), description.Values);
    }

    [Fact]
    public void The_steps_are_read_with_their_defaults()
    {
        var description = ImageDescriptionParser.Parse("BGR resize(256) crop(224, 200)");

        Assert.Equal(ChannelOrder.Bgr, description.Order);
        Assert.Equal(new ImageResize(ImageResizeKind.ShorterSide, 256, 256, ImageFilter.Bilinear, true, 0), description.Resize);
        Assert.Equal(new ImageCrop(224, 200), description.Crop);
    }

    public static TheoryData<string, string> Resizes() =>
        new()
        {
            { "resize(3,4,bicubic)", "Stretch 3 4 Bicubic True 0" },
            { "resize( 3 , 4 , nearest )", "Stretch 3 4 Nearest False 0" },
            { "resize(8,nearest-exact,antialias=false)", "ShorterSide 8 8 NearestExact False 0" },
            { "fit(320,240)", "FitTopLeft 320 240 Bilinear True 0" },
            { "letterbox(640, antialias=false)", "FitCentered 640 640 Bilinear False 114" },
            { "letterbox(640,384,pad=1/2)", "FitCentered 640 384 Bilinear True 0.5" },
        };

    [Theory]
    [MemberData(nameof(Resizes))]
    public void Resizes_have_sizes_filters_and_padding(string text, string expected)
    {
        var (kind, width, height, filter, antialias, padding) = ImageDescriptionParser.Parse(text).Resize!;

        Assert.Equal(expected, FormattableString.Invariant($"{kind} {width} {height} {filter} {antialias} {padding}"));
    }

    [Fact]
    public void Values_are_composed_in_their_order()
    {
        var first = ImageDescriptionParser.Parse("scale(1/255) mean(0.5) std(0.25)").Values[0];
        var second = ImageDescriptionParser.Parse("mean(1,2,3) scale(2e-1) std(2,4,5)").Values[1];
        var gray = ImageDescriptionParser.Parse("gray mean(127) scale(1/128)").Values;

        Assert.Equal((4 / 255.0, -2.0), (first.Factor, first.Offset));
        Assert.Equal(0.05, second.Factor, 1e-15);
        Assert.Equal(-0.1, second.Offset, 1e-15);
        Assert.Equal(new ChannelValues(1 / 128.0, -127 / 128.0), Assert.Single(gray));
    }

    [Theory]
    [InlineData("rgb rezise(256)", 5, "'rezise' is not a step. Did you mean 'resize'? The steps are 'rgb', 'bgr', 'gray', 'resize'")]
    [InlineData("rgb resize(256,bicubik)", 16, "'bicubik' is neither a number nor a filter. Did you mean 'bicubic'?")]
    [InlineData("resize(256, anti=false)", 13, "'resize' has no argument 'anti'.")]
    [InlineData("resize(256, antialais=false)", 13, "Did you mean 'antialias'?")]
    [InlineData("resize(256, pad=3)", 13, "'resize' has no argument 'pad'")]
    [InlineData("letterbox(256, pad=256)", 16, "0 to 255, not '256'")]
    [InlineData("letterbox(256, pad=1, pad=2)", 23, "'pad' is given twice")]
    [InlineData("resize(256, antialias=maybe)", 13, "true or false, not 'maybe'")]
    [InlineData("resize(256, nearest, antialias=true)", 22, "single pixels")]
    [InlineData("resize(256, bilinear, bicubic)", 23, "second one")]
    [InlineData("resize(0)", 8, "'0' is not an integer from 1 to 65535")]
    [InlineData("resize(-5)", 8, "'-5' is not an integer")]
    [InlineData("resize(2.5)", 8, "'2.5' is not an integer")]
    [InlineData("resize(65536)", 8, "from 1 to 65535")]
    [InlineData("resize(1,2,3)", 1, "it has 3 sizes")]
    [InlineData("resize(bicubic)", 1, "it has 0 sizes")]
    [InlineData("resize", 1, "such as 'resize(256)'")]
    [InlineData("resize(", 7, "not closed")]
    [InlineData("resize(2", 7, "not closed")]
    [InlineData("crop(2 crop(3)", 5, "not closed")]
    [InlineData("resize()", 8, "An argument is missing before ')'")]
    [InlineData("resize(2,,3)", 10, "An argument is missing before ','")]
    [InlineData("(3)", 1, "not the start of a step")]
    [InlineData("crop(3) rgb", 9, "first word")]
    [InlineData("rgb(3)", 5, "no arguments")]
    [InlineData("resize(3) fit(4)", 11, "resized once")]
    [InlineData("crop(3) resize(4)", 9, "before 'crop'")]
    [InlineData("crop(3) crop(4)", 9, "cropped once")]
    [InlineData("fit(3) crop(2)", 8, "cannot follow")]
    [InlineData("scale(2) crop(3)", 10, "'crop' stands before 'scale', 'mean', 'std'")]
    [InlineData("crop(x=3)", 6, "no argument with a name")]
    [InlineData("scale(1/0)", 7, "'1/0' is not a number")]
    [InlineData("scale(1,2,3)", 1, "one number, not 3")]
    [InlineData("scale(1e999)", 7, "is not a number")]
    [InlineData("mean(1,2)", 1, "one for each of the 3 channels")]
    [InlineData("gray mean(1,2,3)", 6, "one for each of the 1 channels")]
    [InlineData("mean(one)", 6, "'one' is not a number")]
    [InlineData("std(1,0,1)", 7, "none of them is 0")]
    public void A_mistake_has_a_position_and_an_explanation(string text, int character, string explanation)
    {
        var mistake = Assert.Throws<DescriptionException>(() => ImageDescriptionParser.Parse(text));

        Assert.StartsWith($"The description '{text}' has a mistake at character {character}: ", mistake.Message, StringComparison.Ordinal);
        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(character - 1, mistake.Position);
    }
}
