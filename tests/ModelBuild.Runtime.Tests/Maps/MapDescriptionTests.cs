namespace ModelBuild.Runtime.Tests.Maps;

/// <summary>One line of text describes the map of a model.</summary>
public sealed class MapDescriptionTests
{
    [Fact]
    public void The_words_of_each_kind_are_read()
    {
        var classes = MapDescriptionParser.Parse("classes sigmoid threshold(3/4) output=Out_1:0 channels-last");
        Assert.Equal(
            (MapKind.Classes, true, 0.75f, "Out_1:0", true),
            (classes.Kind, classes.IsSigmoid, classes.Threshold, classes.Output, classes.IsChannelsLast)
        );
        var values = MapDescriptionParser.Parse("values invert range(-1,10) channels-first");
        Assert.Equal((MapKind.Values, true, -1f, 10f, false), (values.Kind, values.IsInverted, values.Black, values.White, values.IsChannelsLast));
        var image = MapDescriptionParser.Parse("image original-size bgr");
        Assert.Equal((MapKind.Image, true, ChannelOrder.Bgr), (image.Kind, image.IsOriginalSize, image.Order));
        Assert.Equal(Enumerable.Repeat(new ChannelValues(1, 0), 3), image.Values);
        var luma = MapDescriptionParser.Parse("image scale(255) luma");
        Assert.Equal((true, new ChannelValues(255, 0)), (luma.IsLuma, Assert.Single(luma.Values)));
    }

    [Fact]
    public void The_words_of_values_are_applied_in_their_order()
    {
        var image = MapDescriptionParser.Parse("image rgb std(0.5) mean(1,2,3) scale(10)");

        Assert.Equal([new ChannelValues(5, 10), new ChannelValues(5, 20), new ChannelValues(5, 30)], image.Values);
    }

    [Theory]
    [InlineData("", 1, "The first word is a kind of map")]
    [InlineData("class", 1, "Did you mean 'classes'?")]
    [InlineData("classes(3)", 1, "The first word is a kind of map")]
    [InlineData("rgb image", 1, "The kinds are 'classes', 'values', 'image'")]
    [InlineData("values image", 8, "stands at the front")]
    [InlineData("classes treshold(0.5)", 9, "Did you mean 'threshold'?")]
    [InlineData("classes threshold", 9, "such as 'threshold(0.5)'")]
    [InlineData("classes threshold(0.1) threshold(0.2)", 24, "given twice")]
    [InlineData("classes range(0,1)", 9, "'range' belongs to 'values', not to 'classes'")]
    [InlineData("classes sigmoid threshold(1)", 27, "between 0 and 1")]
    [InlineData("classes sigmoid(1)", 9, "'sigmoid' has no arguments")]
    [InlineData("values range(1)", 8, "such as 'range(0,1)'")]
    [InlineData("values range(1,1)", 16, "less than the second one")]
    [InlineData("values output", 8, "such as 'output=output0'")]
    [InlineData("values invert=a", 8, "'output=a' does")]
    [InlineData("image rgb bgr", 11, "one order of channels")]
    [InlineData("image scale(1,2,3)", 7, "'scale' has one number")]
    [InlineData("image gray mean(1,2,3)", 12, "one for each channel of 'gray'")]
    [InlineData("image scale(x)", 13, "not a number")]
    [InlineData("image std(0)", 11, "multiplies")]
    [InlineData("image scale", 7, "'scale' has one number")]
    public void A_mistake_is_reported_with_its_position(string text, int position, string explanation)
    {
        var mistake = Assert.Throws<DescriptionException>(() => MapDescriptionParser.Parse(text));

        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(position, mistake.Position + 1);
    }

    [Theory]
    // The number of channels decides first, and then the layout of the input. The numbers are the axes of images, channels, rows and columns.
    [InlineData("classes", "o float32[1, 21, 8, 9]", 21, false, "0 1 2 3")]
    [InlineData("classes", "o float32[1, 8, 9, 21]", 21, false, "0 3 1 2")]
    [InlineData("classes", "o float32[1, 21, 8, 9]", 21, true, "0 1 2 3")]
    [InlineData("classes", "o float32[1, 0, 0, 0]", 0, false, "0 1 2 3")]
    [InlineData("classes", "o float32[1, 8, 9, 21]", 0, true, "0 3 1 2")]
    [InlineData("classes channels-last", "o float32[1, 8, 9, 21]", 0, false, "0 3 1 2")]
    [InlineData("classes", "o float32[1, 8, 9, 1]", 0, false, "0 3 1 2")]
    [InlineData("classes", "o int64[2, 8, 9]", 21, false, "0 -1 1 2")]
    [InlineData("classes", "o float32[21, 8, 9]", 0, false, "-1 0 1 2")]
    [InlineData("classes", "o float32[8, 9, 21]", 21, false, "-1 2 0 1")]
    [InlineData("classes", "o float32[0, 8, 9]", 0, false, "0 -1 1 2")]
    [InlineData("classes output=o", "o uint8[8, 9]", 0, false, "-1 -1 0 1")]
    [InlineData("values", "o float32[1, 8, 9]", 0, true, "0 -1 1 2")]
    [InlineData("values", "o float32[1, 8, 9, 1]", 0, false, "0 3 1 2")]
    [InlineData("values channels-last", "o float32[8, 9, 1]", 0, false, "-1 2 0 1")]
    [InlineData("image", "o float32[1, 3, 8, 9]", 0, true, "0 1 2 3")]
    [InlineData("image", "o float32[8, 9, 3]", 0, false, "-1 2 0 1")]
    [InlineData("image", "o float32[3, 8, 9]", 0, true, "-1 0 1 2")]
    [InlineData("image gray", "o float32[4, 8, 9]", 0, true, "0 -1 1 2")]
    public void The_shape_tells_the_layout(string text, string output, int labels, bool isInputChannelsLast, string expected)
    {
        var (_, axes) = MapOutput.Find(MapDescriptionParser.Parse(text), Values(output), labels, isInputChannelsLast);

        Assert.Equal(expected, $"{axes!.Images} {axes.Channels} {axes.Rows} {axes.Columns}");
    }

    [Theory]
    [InlineData("values", "a float32[1, 10]; b float32[1, 21, 8, 8]; c float32[1, 1, 8, 8]", 2)]
    [InlineData("image", "a string[3, 8, 8]; b float32[1, 1, 8, 8]; c float32[1, 3, 8, 8]", 2)]
    [InlineData("classes", "a float32[1, 2, 1, 8, 8]; b float32[1, 4, 8, 8]; c float32[1, 3, 8, 8]", 2)]
    [InlineData("classes output=b", "a int64[1, 8, 8]; b int64[8, 8]", 1)]
    public void The_first_output_that_fits_is_taken(string text, string outputs, int expected) =>
        Assert.Equal(expected, MapOutput.Find(MapDescriptionParser.Parse(text), Values(outputs), text == "classes" ? 3 : 0, false).Index);

    [Theory]
    [InlineData("classes output=mask", "b float32[1, 5, 8, 8]", "the model has no output 'mask'. It has 'b' float32[1, 5, 8, 8]")]
    [InlineData("classes", "b string[1, 8, 8]; c float32[7, 8]", "no output of the model is a map, which has numbers and 3 to 4 dimensions")]
    [InlineData("classes output=c", "b float32[1, 8, 8]; c float32[7]", "2 to 4 dimensions, and the model has 'c' float32[7]")]
    [InlineData("classes", "b float32[1, 5, 8, 8]", "there are 3 labels, and 'b' float32[1, 5, 8, 8] has 5 channels")]
    [InlineData("classes", "b float32[1, 1, 8, 8]", "one channel has 2 classes, the background and the foreground, and there are 3 labels")]
    [InlineData("classes sigmoid", "b float32[1, 5, 8, 8]", "find the foreground in one channel, and 'b' float32[1, 5, 8, 8] has 5 channels")]
    [InlineData("values", "b float32[1, 5, 8, 8]", "'values' are one channel, and 'b' float32[1, 5, 8, 8] has 5 channels")]
    [InlineData("image bgr", "b float32[1, 1, 8, 8]", "'bgr' has 3 channels, and 'b' float32[1, 1, 8, 8] has 1 channel")]
    [InlineData("image luma", "b float32[1, 3, 8, 8]", "'luma' has 1 channel, and 'b' float32[1, 3, 8, 8] has 3 channels")]
    public void Outputs_that_do_not_fit_are_reported(string text, string outputs, string explanation)
    {
        var mistake = Assert.Throws<FormatException>(() => MapOutput.Find(MapDescriptionParser.Parse(text), Values(outputs), 3, false));

        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
    }

    private static DescribedValue[] Values(string outputs) =>
        [
            .. outputs
                .Split("; ")
                .Select(output =>
                {
                    var parts = output.Split(' ', 2);
                    var open = parts[1].IndexOf('[', StringComparison.Ordinal);
                    return new DescribedValue(parts[0], parts[1][..open], [.. parts[1][(open + 1)..^1].Split(", ").Select(int.Parse)]);
                }),
        ];
}
