namespace ModelBuild.Runtime.Tests.Detections;

/// <summary>The outputs of detectors become objects in the original image.</summary>
public sealed class DetectionReaderTests
{
    private static readonly string[] Animals = ["cat", "dog", "cow"];

    [Fact]
    public void Boxes_and_scores_of_different_outputs()
    {
        var found = new Outputs()
            .Add("scores", [1, 3, 2], 0.9f, 0.1f, 0.2f, 0.8f, 0.05f, 0.95f)
            .Add("boxes", [1, 3, 4], 0, 0, 1, 1, 0.1f, 0.2f, 0.5f, 0.6f, 0.5f, 0.5f, 0.75f, 1)
            .Read("boxes=boxes scores=scores threshold(0.7) nms(0.3)", 200, 100, ["face"]);

        Assert.Equal(["face", "face"], found.Select(detection => detection.Label));
        Assert.Equal([0.95f, 0.8f], found.Select(detection => detection.Score));
        Same(new ImageBox(100, 50, 150, 100), found[0].Box);
        Same(new ImageBox(20, 20, 100, 60), found[1].Box);
        Assert.Equal("face 95 % (100, 50) 50x50", found[0].ToString());
    }

    [Theory]
    [InlineData("corners", 10, 20, 30, 60)]
    [InlineData("yx-corners", 20, 10, 60, 30)]
    [InlineData("center", 20, 40, 20, 40)]
    [InlineData("size", 10, 20, 20, 40)]
    public void A_box_has_one_of_four_forms(string form, float a, float b, float c, float d)
    {
        foreach (var isRelative in new[] { false, true })
        {
            // The units of the numbers along x and y differ for relative boxes.
            var isYFirst = form == "yx-corners";
            float[] numbers = [a, b, c, d];
            if (isRelative)
                for (var i = 0; i < 4; i++)
                    numbers[i] /= (i % 2 == 0) != isYFirst ? 200 : 100;

            var found = new Outputs()
                .Add("b", [1, 1, 4], numbers)
                .Add("s", [1, 1, 1], 0.5f)
                .Read($"boxes=b scores=s {form} {(isRelative ? "relative" : "pixels")}", 200, 100);

            Same(new ImageBox(10, 20, 30, 60), Assert.Single(found).Box);
        }
    }

    public static TheoryData<string, float[], string> Backgrounds() =>
        new()
        {
            { "background(first)", [0.1f, 0.2f, 0.7f], "1 0.7" },
            { "background(last)", [0.1f, 0.2f, 0.7f], "1 0.2" },
            { "background(none)", [0.1f, 0.2f, 0.7f], "2 0.7" },
            { "softmax background(last)", [0, 1, 2], "1 0.245" },
            { "softmax background(first)", [0, 1, 2], "1 0.665" },
            { "sigmoid background(none)", [0, 1, 2], "2 0.881" },
        };

    [Theory]
    [MemberData(nameof(Backgrounds))]
    public void The_class_without_an_object_is_not_reported(string words, float[] scores, string expected)
    {
        var found = new Outputs().Add("b", [1, 1, 4], 0, 0, 1, 1).Add("s", [1, 1, 3], scores).Read($"boxes=b scores=s threshold(0.1) {words}", 8, 8);

        Assert.Equal(expected, FormattableString.Invariant($"{found[0].Class} {found[0].Score:0.###}"));
    }

    [Fact]
    public void The_first_of_one_class_more_than_labels_is_the_background()
    {
        var outputs = new Outputs().Add("b", [1, 2, 4], 0, 0, 1, 1, 0, 0, 1, 1).Add("s", [1, 2, 4], 0.9f, 0, 0, 0.1f, 0.1f, 0, 0.9f, 0);

        Assert.Equal(["dog"], outputs.Read("boxes=b scores=s", 8, 8, Animals).Select(detection => detection.Label));
        Assert.Equal(["0", "2"], outputs.Read("boxes=b scores=s", 8, 8).Select(detection => detection.Label));
    }

    [Fact]
    public void Detr_has_logits_and_its_last_class_is_no_object()
    {
        var found = new Outputs()
            .Add("logits", [1, 2, 4], 0, 0, 5, 0, 0, 0, 0, 5)
            .Add("pred_boxes", [1, 2, 4], 0.5f, 0.5f, 0.2f, 0.4f, 0.5f, 0.5f, 1, 1)
            .Read("detr threshold(0.5)", 100, 50, Animals);

        Same(new ImageBox(40, 15, 60, 35), Assert.Single(found).Box);
        Assert.Equal("cow", found[0].Label);
        Assert.Equal(MathF.Exp(5) / (MathF.Exp(5) + 3), found[0].Score, 1e-5f);
    }

    [Fact]
    public void Classes_in_an_output_of_their_own_with_and_without_a_dimension_for_images()
    {
        var tensorflow = new Outputs()
            .Add("boxes", [1, 2, 4], 0, 0.1f, 0.5f, 0.2f, 0, 0, 1, 1)
            .Add("classes", [1, 2], 3, 1)
            .Add("scores", [1, 2], 0.6f, 0.1f)
            .Read("boxes=boxes scores=scores classes=classes yx-corners background(first)", 100, 100, Animals);
        var torchvision = new Outputs()
            .Add("boxes", [2, 4], 1, 2, 3, 4, 5, 6, 7, 8)
            .Add("labels", "int64", [2], 1, 2)
            .Add("scores", [2], 0.9f, 0.8f)
            .Read("boxes=boxes scores=scores classes=labels pixels background(first)", 100, 100, Animals);

        Assert.Equal("cow", Assert.Single(tensorflow).Label);
        Same(new ImageBox(10, 0, 20, 50), tensorflow[0].Box);
        Assert.Equal(["cat", "dog"], torchvision.Select(detection => detection.Label));
        Same(new ImageBox(5, 6, 7, 8), torchvision[1].Box);
    }

    [Theory]
    [InlineData("yolo")]
    [InlineData("yolov5")]
    public void Rows_of_box_objectness_and_classes(string layout)
    {
        float[] rows = [.. Row(32, 32, 16, 8, 0.9f, 0.1f, 0.5f, 0.2f), .. Row(1, 1, 1, 1, 0.2f, 1, 1, 1), .. Enumerable.Repeat(0f, 8 * 8)];

        var found = new Outputs().Add("output0", [1, 10, 8], rows).Read(layout, 64, 64, Animals);

        Assert.Equal("dog", Assert.Single(found).Label);
        Assert.Equal(0.45f, found[0].Score, 1e-6f);
        Same(new ImageBox(24, 28, 40, 36), found[0].Box);
    }

    [Theory]
    [InlineData("yolo")]
    [InlineData("yolov8")]
    public void Columns_of_box_and_classes(string layout)
    {
        // Each array of the transposed output is one number of all places.
        var found = new Outputs().Add("output0", [1, 7, 9], Transposed(9, Row(32, 32, 16, 8, 0.1f, 0.2f, 0.7f))).Read(layout, 64, 64, Animals);

        Assert.Equal("cow 70 % (24, 28) 16x8", Assert.Single(found).ToString());
    }

    [Fact]
    public void Rows_that_the_model_has_chosen()
    {
        float[] rows = [.. Row(1, 2, 30, 40, 0.9f, 2), .. Row(1, 2, 30, 40, 0.8f, 2), .. Row(0, 0, 9, 9, 0.1f, 0), .. Enumerable.Repeat(0f, 6 * 4)];
        foreach (var layout in new[] { "yolo", "yolov10" })
        {
            var found = new Outputs().Add("output0", [1, 7, 6], rows).Read(layout + " nms(none)", 64, 64, Animals);

            Assert.Equal(["cow 90 % (1, 2) 29x38", "cow 80 % (1, 2) 29x38"], found.Select(detection => detection.ToString()));
        }
    }

    [Fact]
    public void Rows_with_the_index_of_their_image()
    {
        var outputs = new Outputs().Add("output", [3, 7], [.. Row(0, 1, 2, 3, 4, 1, 0.9f), .. Row(1, 5, 6, 7, 8, 0, 0.8f), .. Row(1, 5, 6, 7, 9, 0, 0.1f)]);

        Same(new ImageBox(1, 2, 3, 4), Assert.Single(outputs.Read("yolov10", 64, 64)).Box);
        Same(new ImageBox(5, 6, 7, 8), Assert.Single(outputs.Read("yolov10", 64, 64, image: 1)).Box);
    }

    [Fact]
    public void Yolox_counts_from_the_cells_of_three_grids()
    {
        // 64x32 pixels have 8x4 + 4x2 + 2x1 cells.
        var rows = new float[42 * 6];
        Row(0.5f, 0.25f, MathF.Log(2), MathF.Log(3), 0.8f, 1).CopyTo(rows.AsSpan((8 + 3) * 6));
        Row(0.5f, 0.5f, 0, 0, 1, 0.7f).CopyTo(rows.AsSpan(41 * 6));

        var found = new Outputs().Add("output", [1, 42, 6], rows).Read("yolox", 64, 32, ["person"]);

        Same(new ImageBox(20, -2, 36, 22), found[0].Box, top: 0);
        Same(new ImageBox(32, 0, 64, 32), found[1].Box);
        var mistake = Assert.Throws<InvalidOperationException>(() =>
            new Outputs().Add("output", [1, 42, 6], rows).Read("yolox strides(8,16)", 64, 32, ["person"])
        );
        Assert.Contains("40 cells", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_of_rows_columns_and_chosen_rows()
    {
        var columns = new Outputs().Add("o", [1, 11, 12], Transposed(12, Row(32, 32, 16, 16, 0.9f, 10, 20, 0.5f, 30, 40, 0.25f)));
        var final = new Outputs().Add("o", [1, 20, 12], [.. Row(24, 24, 40, 40, 0.9f, 0, 10, 20, 0.5f, 30, 40, 0.25f), .. new float[12 * 19]]);

        foreach (var found in new[] { columns.Read("yolo points(2,3)", 64, 64, ["person"]), final.Read("yolov10 points(2,3)", 64, 64, ["person"]) })
        {
            Same(new ImageBox(24, 24, 40, 40), Assert.Single(found).Box);
            Assert.Equal([new ImagePoint(10, 20, 0.5f), new ImagePoint(30, 40, 0.25f)], found[0].Points);
        }
    }

    [Fact]
    public void A_mask_is_a_sum_of_prototypes_inside_the_box()
    {
        // The first prototype is positive on the left half, the second one on the upper half of a plane of 4x4.
        float[] left = [.. Enumerable.Range(0, 16).Select(i => i % 4 < 2 ? 1f : -1)];
        float[] upper = [.. Enumerable.Range(0, 16).Select(i => i < 8 ? 1f : -1)];
        var outputs = new Outputs().Add("output0", [1, 7, 16], Transposed(16, Row(8, 8, 8, 8, 0.9f, 1, 0))).Add("output1", [1, 2, 4, 4], [.. left, .. upper]);

        var found = outputs.Read("yolo", "resize(16,16)", (16, 16), (32, 32), ["cat"]);

        var mask = Assert.Single(found).Mask!;
        Assert.Equal((8, 8, 16, 16), (mask.X, mask.Y, mask.Pixels.Width, mask.Pixels.Height));
        for (var y = 0; y < 16; y++)
            Assert.Equal([.. Enumerable.Repeat((byte)255, 8), .. Enumerable.Repeat((byte)0, 8)], mask.Pixels.Row(y).ToArray());
    }

    [Fact]
    public void Blazeface_has_anchors_and_points()
    {
        // An image of 32x32 pixels has 4x4 cells with 2 anchors, and 2x2 cells with 6 anchors.
        var (near, far) = (new float[32 * 8], new float[24 * 8]);
        Row(4, -2, 10, 20, 1, 2, 3, 4).CopyTo(near.AsSpan(2 * (4 + 1) * 8));
        Row(0, 0, 16, 16, 0, 0, 0, 0).CopyTo(far.AsSpan(6 * 3 * 8));
        var (nearScores, farScores) = (Enumerable.Repeat(-9f, 32).ToArray(), Enumerable.Repeat(-9f, 24).ToArray());
        (nearScores[10], farScores[18]) = (2, 3);
        var outputs = new Outputs().Add("s1", [1, 32, 1], nearScores).Add("s2", [1, 24, 1], farScores).Add("b1", [1, 32, 8], near).Add("b2", [1, 24, 8], far);

        foreach (var text in new[] { "blaze", "blaze boxes=b1,b2 scores=s1,s2" })
        {
            var found = outputs.Read(text, 32, 32);

            // The centres of the anchors are (12, 12) and (24, 24).
            Same(new ImageBox(16, 16, 32, 32), found[0].Box);
            Assert.Equal(1 / (1 + MathF.Exp(-3)), found[0].Score, 1e-6f);
            Same(new ImageBox(11, 0, 21, 20), found[1].Box);
            Assert.Equal([new ImagePoint(13, 14), new ImagePoint(15, 16)], found[1].Points);
        }
    }

    [Theory]
    [InlineData("yx-corners")]
    [InlineData("")]
    public void Indices_that_the_model_has_selected(string form)
    {
        var outputs = new Outputs()
            .Add("boxes", [1, 3, 4], 0, 0, 0.5f, 0.5f, 0.25f, 0.25f, 1, 1, 0, 0, 1, 1)
            .Add("scores", [1, 2, 3], 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.9f)
            .Add("selected", "int64", [2, 3], 0, 1, 1, 0, 0, 2);

        var found = outputs.Read($"boxes=boxes scores=scores {form} selected=selected nms(none)", 8, 16, Animals);

        Assert.Equal(["dog", "cat"], found.Select(detection => detection.Label));
        Assert.Equal([0.5f, 0.3f], found.Select(detection => detection.Score));
        Same(new ImageBox(2, 4, 8, 16), found[0].Box);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 3)]
    [InlineData(0, -1)]
    public void Selected_indices_outside_of_the_outputs_are_an_error(long index, long place)
    {
        var outputs = new Outputs()
            .Add("boxes", [1, 3, 4], 0, 0, 0.5f, 0.5f, 0.25f, 0.25f, 1, 1, 0, 0, 1, 1)
            .Add("scores", [1, 2, 3], 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.9f)
            .Add("selected", "int64", [1, 3], 0, index, place);

        var error = Assert.Throws<InvalidOperationException>(() => outputs.Read("boxes=boxes scores=scores selected=selected nms(none)", 8, 16, Animals));

        Assert.Contains("2 classes and 3 boxes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_are_places_of_the_original_and_end_at_its_edges()
    {
        var outputs = new Outputs().Add("o", [1, 5, 9], Transposed(9, Row(320, 320, 640, 100, 0.9f)));

        // 1280x720 pixels become 640x360 with 140 rows of padding above.
        var found = outputs.Read("yolo", "letterbox(640)", (640, 640), (1280, 720), ["cat"]);

        Same(new ImageBox(0, 260, 1280, 460), Assert.Single(found).Box);
    }

    [Fact]
    public void The_caller_may_choose_another_threshold()
    {
        var outputs = new Outputs().Add("o", [1, 5, 9], Transposed(9, Row(32, 32, 4, 4, 0.4f)));

        Assert.Single(outputs.Read("yolo threshold(0.3)", 64, 64));
        Assert.Empty(outputs.Read("yolo threshold(0.3)", 64, 64, threshold: 0.5f));
        Assert.Single(outputs.Read("yolo threshold(0.5)", 64, 64, threshold: 0.3f));
    }

    [Fact]
    public void Each_image_of_a_call_has_its_own_objects()
    {
        float[] both = [.. Transposed(9, Row(10, 10, 4, 4, 0.9f)), .. Transposed(9, Row(20, 20, 4, 4, 0.9f))];
        var outputs = new Outputs().Add("o", [2, 5, 9], both);

        Same(new ImageBox(8, 8, 12, 12), Assert.Single(outputs.Read("yolo", 64, 64)).Box);
        Same(new ImageBox(18, 18, 22, 22), Assert.Single(outputs.Read("yolo", 64, 64, image: 1)).Box);
        Assert.Throws<InvalidOperationException>(() => outputs.Read("yolo", 64, 64, image: 2));
    }

    [Fact]
    public void Scores_that_are_not_numbers_are_no_objects()
    {
        foreach (var boxes in new[] { "yolo", "yolov5" })
            Assert.Empty(new Outputs().Add("o", [1, 6, 9], Enumerable.Repeat(float.NaN, 54).ToArray()).Read("yolo", 64, 64, ["a", "b"]));
        Assert.Empty(new Outputs().Add("b", [1, 1, 4], 0, 0, 1, 1).Add("s", [1, 1, 2], float.NaN, float.NaN).Read("boxes=b scores=s", 64, 64));
    }

    private static float[] Row(params float[] numbers) => numbers;

    // One place with the given numbers, and other places with zeros.
    private static float[] Transposed(int places, float[] numbers)
    {
        var elements = new float[places * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            elements[(i * places) + 3] = numbers[i];
        return elements;
    }

    private static void Same(ImageBox expected, ImageBox actual, float? top = null)
    {
        Assert.Equal(expected.Left, actual.Left, 1e-3f);
        Assert.Equal(top ?? expected.Top, actual.Top, 1e-3f);
        Assert.Equal(expected.Right, actual.Right, 1e-3f);
        Assert.Equal(expected.Bottom, actual.Bottom, 1e-3f);
    }
}
