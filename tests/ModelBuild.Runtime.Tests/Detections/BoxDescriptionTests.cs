namespace ModelBuild.Runtime.Tests.Detections;

/// <summary>One line of text describes the boxes of a model.</summary>
public sealed class BoxDescriptionTests
{
    [Fact]
    public void The_names_of_outputs_keep_their_letters()
    {
        var description = BoxDescriptionParser.Parse("blaze boxes=Identity_2:0,Identity_3:0 scores=a(b),C threshold(3/4) nms(0.3,all) limit(7)");

        Assert.Equal(BoxHead.Blaze, description.Head);
        Assert.Equal(["Identity_2:0", "Identity_3:0"], description.BoxOutputs);
        Assert.Equal(["a(b)", "C"], description.ScoreOutputs);
        Assert.Equal((0.75f, 0.3f, true, 7), (description.Threshold, description.MaxOverlap, description.IsAcrossClasses, description.Limit));
    }

    [Theory]
    [InlineData("", 1, "The first word is a layout")]
    [InlineData("detrs", 1, "Did you mean 'detr'?")]
    [InlineData("scores=s", 1, "The first word is a layout")]
    [InlineData("yolo yolox", 6, "stands at the front")]
    [InlineData("yolo treshold(0.5)", 6, "Did you mean 'threshold'?")]
    [InlineData("yolo threshold", 6, "such as 'threshold(0.25)'")]
    [InlineData("yolo threshold(2)", 16, "not a number from 0 to 1")]
    [InlineData("yolo threshold(0.1) threshold(0.2)", 21, "given twice")]
    [InlineData("yolo nms(0.5,any)", 14, "nms(0.5,all)")]
    [InlineData("yolo nms(0.5,all,1)", 18, "too many arguments")]
    [InlineData("yolo limit(0)", 12, "an integer from 1")]
    [InlineData("yolo points(2,4)", 15, "an integer from 2 to 3")]
    [InlineData("yolo strides(8)", 1, "'yolox' and 'blaze'")]
    [InlineData("yolo boxes", 6, "such as 'boxes=output0'")]
    [InlineData("yolo boxes=", 12, "A value is missing")]
    [InlineData("boxes=a,b scores=s", 1, "'boxes' names 2 outputs and 'scores' 1")]
    [InlineData("boxes=a classes=b,c", 9, "names one output")]
    [InlineData("boxes=a box=b", 9, "Did you mean 'boxes'?")]
    [InlineData("boxes=a background(middle)", 20, "'first', 'last', 'none'")]
    [InlineData("boxes=a points(5)", 1, "layouts of YOLO")]
    [InlineData("yolo nms(x=1)", 10, "no argument with a name")]
    [InlineData("yolo pixels(1)", 6, "'pixels' has no arguments")]
    public void A_mistake_is_reported_with_its_position(string text, int position, string explanation)
    {
        var mistake = Assert.Throws<DescriptionException>(() => BoxDescriptionParser.Parse(text));

        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(position, mistake.Position + 1);
    }

    [Theory]
    [InlineData("boxes=b scores=s", "b float32[1, 5, 3]; s float32[1, 5, 2]", "a box has 4 numbers")]
    [InlineData("boxes=b scores=s", "b float32[1, 5, 4]; s float32[1, 6, 2]", "each box has its scores")]
    [InlineData("boxes=b scores=s", "b int64[1, 5, 4]; s float32[1, 5, 2]", "float32 or float16")]
    [InlineData("boxes=c scores=s", "b float32[1, 5, 4]; s float32[1, 5, 2]", "no output 'c'")]
    [InlineData("yolo", "b float32[1, 5]", "no output of the model has the shape of boxes")]
    [InlineData("detr", "b float32[1, 5, 4]", "no output of the model has scores")]
    public void Outputs_that_do_not_fit_are_reported(string text, string outputs, string explanation)
    {
        var values = outputs
            .Split("; ")
            .Select(output =>
            {
                var parts = output.Split(' ', 2);
                var open = parts[1].IndexOf('[', StringComparison.Ordinal);
                return new DescribedValue(parts[0], parts[1][..open], [.. parts[1][(open + 1)..^1].Split(", ").Select(int.Parse)]);
            })
            .ToArray();

        var mistake = Assert.Throws<FormatException>(() => BoxOutputs.Find(BoxDescriptionParser.Parse(text), values));

        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yolo", 84, 8400, 80, 0, "YoloClasses True 80")]
    [InlineData("yolo", 25200, 85, 80, 0, "YoloObjectness False 80")]
    [InlineData("yolo", 300, 6, 80, 0, "Final False 0")]
    [InlineData("yolo", 8400, 6, 1, 0, "YoloObjectness False 1")]
    [InlineData("yolo", 300, 6, 1, 0, "Final False 0")]
    [InlineData("yolo", 100, 6, 1, 0, "Final False 0")]
    [InlineData("yolo", 300, 38, 1, 32, "Final False 0")]
    [InlineData("yolo", 252, 6, 1, 0, "YoloObjectness False 1")]
    [InlineData("yolo", 116, 8400, 80, 32, "YoloClasses True 80")]
    [InlineData("yolo", 300, 38, 80, 32, "Final False 0")]
    [InlineData("yolov8", 8400, 84, 80, 0, "YoloClasses False 80")]
    [InlineData("yolo points(17,3)", 56, 8400, 1, 0, "YoloClasses True 1")]
    public void The_shape_tells_the_layout_of_yolo(string text, int rows, int columns, int labels, int masks, string expected)
    {
        var layout = YoloLayout.Find(BoxDescriptionParser.Parse(text), rows, columns, labels, masks);

        Assert.Equal(expected, $"{layout.Head} {layout.HasPlacesLast} {layout.Classes}");
    }

    [Theory]
    [InlineData("yolo", 84, 8400, 79, "80 scores beside the box, and there are 79 labels")]
    [InlineData("yolo", 56, 8400, 1, "needs 'points(n)'")]
    [InlineData("yolov5", 8400, 4, 0, "too few")]
    [InlineData("yolov10", 300, 9, 0, "has 6 numbers")]
    public void A_shape_that_does_not_fit_is_reported(string text, int rows, int columns, int labels, string explanation)
    {
        var mistake = Assert.Throws<FormatException>(() => YoloLayout.Find(BoxDescriptionParser.Parse(text), rows, columns, labels, 0));

        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
    }
}
