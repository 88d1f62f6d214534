namespace ModelBuild.Runtime.Tests.Maps;

/// <summary>An output becomes the class of each pixel of the original.</summary>
public sealed class ClassMapTests
{
    private const int None = ClassMap.NoClass;

    private static readonly string[] _labels = ["sky", "road", "tree"];

    /// <summary>The placements: the preparation, the original's size, and the classes that the map [0 1; 2 1] of the whole prepared image becomes.</summary>
    private static readonly (string Image, int Width, int Height, int[] Classes)[] _placements =
    [
        ("resize(2,2)", 2, 2, [0, 1, 2, 1]),
        ("resize(4,4)", 2, 2, [0, 1, 2, 1]),
        // The map is enlarged. The scores of two classes are not equal at any pixel.
        ("resize(2,2)", 4, 2, [0, 0, 1, 1, 2, 2, 1, 1]),
        // The original fills the upper row of the prepared image.
        ("fit(4)", 4, 2, [0, 0, 1, 1, 0, 0, 1, 1]),
        // The prepared image contains only the middle of the original.
        ("crop(2)", 4, 2, [None, 0, 1, None, None, 2, 1, None]),
        ("crop(2)", 2, 4, [None, None, 0, 1, 2, 1, None, None]),
    ];

    public static TheoryData<int, string, string, ImageLayout> Products()
    {
        var data = new TheoryData<int, string, string, ImageLayout>();
        for (var placement = 0; placement < _placements.Length; placement++)
            foreach (var layout in Enum.GetValues<ImageLayout>())
            {
                foreach (var type in new[] { "float32", "float16", "uint8", "int32", "int64" })
                    data.Add(placement, type, "scores", layout);
                foreach (var type in new[] { "uint8", "int32", "int64" })
                foreach (var form in new[] { "indices4", "indices3", "indices2" })
                    data.Add(placement, type, form, layout);
            }

        return data;
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void The_map_has_the_size_of_the_original(int index, string type, string form, ImageLayout layout)
    {
        var (image, width, height, expected) = _placements[index];
        var isFirst = layout == ImageLayout.Nchw;
        float[] indices = [0, 1, 2, 1];
        float[] scores = isFirst ? [9, 0, 0, 0, 0, 9, 0, 9, 0, 0, 9, 0] : [9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 9, 0];
        var output = form switch
        {
            "scores" => MapOutputBuffer.Create(type, isFirst ? [1, 3, 2, 2] : [1, 2, 2, 3], scores),
            "indices4" => MapOutputBuffer.Create(type, isFirst ? [1, 1, 2, 2] : [1, 2, 2, 1], indices),
            "indices3" => MapOutputBuffer.Create(type, [1, 2, 2], indices),
            _ => MapOutputBuffer.Create(type, [2, 2], indices),
        };

        var map = MapOutputBuffer.Reader("classes", output, image, _labels, layout).ReadClasses(output, 0, MapOutputBuffer.Image(width, height));

        Assert.Equal((width, height), (map.Width, map.Height));
        Assert.Equal(expected, map.Classes.ToArray().Select(value => (int)value));
    }

    [Theory]
    [InlineData("classes", "float32", new[] { 0.4f, 0.6f, 0.5f, 1 }, new[] { 0, 1, 0, 1 })]
    [InlineData("classes threshold(0.8)", "float16", new[] { 0.4f, 0.6f, 0.5f, 1 }, new[] { 0, 0, 0, 1 })]
    [InlineData("classes sigmoid", "float32", new[] { -1, 0.1f, 0, 5 }, new[] { 0, 1, 0, 1 })]
    [InlineData("classes sigmoid threshold(0.9)", "float32", new[] { -1, 2.1f, 2.2f, 5 }, new[] { 0, 0, 1, 1 })]
    [InlineData("classes threshold(127)", "uint8", new[] { 0, 127f, 128, 255 }, new[] { 0, 0, 1, 1 })]
    [InlineData("classes", "bool", new[] { 0f, 1, 1, 0 }, new[] { 0, 1, 1, 0 })]
    public void One_channel_tells_the_foreground(string text, string type, float[] values, int[] expected)
    {
        foreach (var shape in new long[][] { [1, 1, 2, 2], [1, 2, 2, 1], [1, 2, 2], [2, 2] })
        {
            var output = MapOutputBuffer.Create(type, shape, values);

            var map = MapOutputBuffer.Reader(text, output, "resize(2,2)").ReadClasses(output, 0, MapOutputBuffer.Image(2, 2));

            Assert.Equal(expected, map.Classes.ToArray().Select(value => (int)value));
        }
    }

    [Fact]
    public void An_edge_between_classes_follows_the_scores()
    {
        // Class 1 rises from 0 to 1 along four columns: 0, 0.25, 0.75, 1. Class 0 is 0.5 everywhere.
        var output = MapOutputBuffer.Create("float32", [1, 2, 1, 2], 0.5f, 0.5f, 0, 1);

        var map = MapOutputBuffer.Reader("classes", output, "resize(2,1)").ReadClasses(output, 0, MapOutputBuffer.Image(4, 1));

        Assert.Equal([0, 0, 1, 1], map.Classes.ToArray().Select(value => (int)value));
    }

    [Fact]
    public void Indices_that_are_no_class_are_kept_apart()
    {
        var output = MapOutputBuffer.Create("int64", [1, 2, 2], -1, 300, 70_000, 0);

        var map = MapOutputBuffer.Reader("classes", output, "resize(2,2)").ReadClasses(output, 0, MapOutputBuffer.Image(2, 2));

        Assert.Equal([None, 300, None, 0], map.Classes.ToArray().Select(value => (int)value));
        Assert.Equal(["0 25 %", "300 25 %"], map.Areas.Select(area => area.ToString()));
    }

    [Fact]
    public void Each_image_of_a_call_has_its_part()
    {
        var output = MapOutputBuffer.Create("float16", [2, 2, 1, 2], 1, 1, 0, 0, 0, 0, 1, 1);
        var reader = MapOutputBuffer.Reader("classes", output, "resize(2,1)");

        Assert.Equal(0, reader.ReadClasses(output, 0, MapOutputBuffer.Image(2, 1))[0, 0]);
        Assert.Equal(1, reader.ReadClasses(output, 1, MapOutputBuffer.Image(2, 1))[0, 0]);
        Assert.Throws<InvalidOperationException>(() => reader.ReadClasses(output, 2, MapOutputBuffer.Image(2, 1)));
    }

    [Fact]
    public void Areas_are_the_largest_first()
    {
        var map = new ClassMap(new ushort[] { 1, 1, 2, 7, 1, None, 2, 1 }, 4, 2, _labels);

        Assert.Equal([new ClassArea(1, "road", 4, 0.5f), new ClassArea(2, "tree", 2, 0.25f), new ClassArea(7, "7", 1, 0.125f)], map.Areas);
        Assert.Equal("4x2: road 50 %, tree 25 %, 7 12 %", map.ToString());
        Assert.Equal((0.5f, 0, "sky", "9", "-1"), (map.Share(1), map.Share(0), map.Label(0), map.Label(9), map.Label(-1)));
        Assert.Equal((7, None), (map[3, 0], map[1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => map[4, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => map[0, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => map[-1, 0]);
        Assert.Throws<ArgumentException>(() => new ClassMap(new ushort[3], 2, 2, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassMap(Array.Empty<ushort>(), 0, 2, []));
    }

    [Fact]
    public void Each_class_has_a_color()
    {
        var map = new ClassMap(new ushort[] { 0, 1, 2, 4, 8, None }, 6, 1, []);

        var image = map.ToImage();

        Assert.Equal("6x1 Rgb", image.ToString());
        Assert.Equal([0, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0, 128, 64, 0, 0, 224, 224, 192], image.Pixels.ToArray());
        var all = new ClassMap(Enumerable.Range(0, 65_535).Select(index => (ushort)index).ToArray(), 65_535, 1, []).ToImage();
        Assert.Equal(65_535, all.Pixels.ToArray().Chunk(3).Select(color => (color[0], color[1], color[2])).Distinct().Count());
    }

    [Fact]
    public void A_mask_shows_one_class()
    {
        var mask = new ClassMap(new ushort[] { 0, 1, None, 1 }, 2, 2, []).ToMask(1);

        Assert.Equal("2x2 Gray", mask.ToString());
        Assert.Equal([0, 255, 0, 255], mask.Pixels.ToArray());
    }
}
