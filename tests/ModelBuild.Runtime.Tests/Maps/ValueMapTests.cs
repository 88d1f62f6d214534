namespace ModelBuild.Runtime.Tests.Maps;

/// <summary>An output becomes a number for each pixel of the original.</summary>
public sealed class ValueMapTests
{
    /// <summary>The placements: the preparation, the original's size, and the values that the map [0 4; 8 4] of the whole prepared image becomes.</summary>
    private static readonly (string Image, int Width, int Height, float[] Values)[] _placements =
    [
        ("resize(2,2)", 2, 2, [0, 4, 8, 4]),
        ("resize(8,8)", 2, 2, [0, 4, 8, 4]),
        ("resize(2,2)", 4, 2, [0, 1, 3, 4, 8, 7, 5, 4]),
        ("resize(2,2)", 1, 1, [4]),
        ("fit(4)", 4, 2, [0, 1, 3, 4, 0, 1, 3, 4]),
        ("crop(2)", 4, 2, [float.NaN, 0, 4, float.NaN, float.NaN, 8, 4, float.NaN]),
    ];

    public static TheoryData<int, string, string> Products()
    {
        var data = new TheoryData<int, string, string>();
        for (var placement = 0; placement < _placements.Length; placement++)
            foreach (var type in new[] { "float32", "float16", "uint8", "int32", "int64" })
            foreach (var shape in new[] { "1,1,2,2", "1,2,2,1", "1,2,2", "2,2" })
                data.Add(placement, type, shape);
        return data;
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void The_map_has_the_size_of_the_original(int index, string type, string shape)
    {
        var (image, width, height, expected) = _placements[index];
        var output = MapOutputBuffer.Create(type, [.. shape.Split(',').Select(long.Parse)], 0, 4, 8, 4);

        var map = MapOutputBuffer.Reader("values", output, image).ReadValues(output, 0, MapOutputBuffer.Image(width, height));

        Assert.Equal((width, height), (map.Width, map.Height));
        Assert.Equal(expected, map.Values.ToArray());
    }

    [Fact]
    public void The_sigmoid_makes_probabilities()
    {
        var output = MapOutputBuffer.Create("float32", [1, 1, 1, 2], 0, MathF.Log(3));

        var map = MapOutputBuffer.Reader("values sigmoid", output, "resize(2,1)").ReadValues(output, 0, MapOutputBuffer.Image(2, 1));

        Assert.Equal([0.5f, 0.75f], map.Values.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void An_infinite_value_has_no_effect_on_pixels_that_it_does_not_touch()
    {
        var output = MapOutputBuffer.Create("float32", [1, 4], 1, 2, 3, float.PositiveInfinity);

        var map = MapOutputBuffer.Reader("values", output, "resize(4,1)").ReadValues(output, 0, MapOutputBuffer.Image(4, 1));

        Assert.Equal([1, 2, 3, float.PositiveInfinity], map.Values.ToArray());
        Assert.Equal((1f, 3f), (map.Min, map.Max));
        Assert.Equal([0, 128, 255, 255], map.ToImage().Pixels.ToArray());
    }

    [Theory]
    [InlineData("values", new byte[] { 0, 128, 255 })]
    [InlineData("values invert", new byte[] { 255, 128, 0 })]
    [InlineData("values range(0,8)", new byte[] { 64, 96, 128 })]
    [InlineData("values range(2,3)", new byte[] { 0, 255, 255 })]
    [InlineData("values range(0,8) invert", new byte[] { 191, 159, 128 })]
    public void The_image_shows_the_range(string text, byte[] expected)
    {
        var output = MapOutputBuffer.Create("float32", [1, 3], 2, 3, 4);

        var map = MapOutputBuffer.Reader(text, output, "resize(3,1)").ReadValues(output, 0, MapOutputBuffer.Image(3, 1));

        Assert.Equal("3x1 Gray", map.ToImage().ToString());
        Assert.Equal(expected, map.ToImage().Pixels.ToArray());
    }

    [Fact]
    public void A_map_knows_its_range()
    {
        var map = new ValueMap(new[] { 0.5f, float.NaN, 12.25f, 3 }, 2, 2);

        Assert.Equal("2x2: 0.5 to 12.25", map.ToString());
        Assert.Equal((3f, 12.25f), (map[1, 1], map[0, 1]));
        Assert.Equal([0, 0, 255, 0], map.ToImage(11, 12).Pixels.ToArray());
        Assert.Equal([255, 0, 0, 255], map.ToImage(12, 11).Pixels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => map[0, -1]);
        Assert.Throws<ArgumentException>(() => map.ToImage(1, 1));
        Assert.Throws<ArgumentException>(() => map.ToImage(1, float.NaN));
        Assert.Throws<ArgumentException>(() => new ValueMap(new float[3], 2, 2));
    }

    [Fact]
    public void A_map_without_a_range_is_black()
    {
        Assert.Equal([0, 0], new ValueMap(new[] { 3f, 3 }, 2, 1).ToImage().Pixels.ToArray());
        var none = new ValueMap(new[] { float.NaN, float.NegativeInfinity }, 2, 1);
        Assert.Equal((float.NaN, float.NaN), (none.Min, none.Max));
        Assert.Equal([0, 0], none.ToImage().Pixels.ToArray());
    }
}
