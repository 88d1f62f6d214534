using ModelBuild.Runtime.Tests.Pictures;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Tests.Maps;

/// <summary>An output becomes an image.</summary>
public sealed class PictureMapTests
{
    [Theory]
    [InlineData("float32")]
    [InlineData("float16")]
    [InlineData("uint8")]
    [InlineData("int32")]
    [InlineData("int64")]
    public void The_image_has_the_size_of_the_output(string type)
    {
        foreach (var (shape, isFirst) in new (long[], bool)[] { ([1, 3, 2, 2], true), ([1, 2, 2, 3], false), ([3, 2, 2], true), ([2, 2, 3], false) })
        {
            float[] values = isFirst ? [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120] : [10, 50, 90, 20, 60, 100, 30, 70, 110, 40, 80, 120];
            var output = MapOutputBuffer.Create(type, shape, values);
            foreach (var word in new[] { "rgb", "bgr" })
            {
                var image = Read($"image {word}", output, "resize(4,4)", MapOutputBuffer.Image(7, 5));

                Assert.Equal(word == "rgb" ? "2x2 Rgb" : "2x2 Bgr", image.ToString());
                Assert.Equal([10, 50, 90, 20, 60, 100, 30, 70, 110, 40, 80, 120], image.Pixels.ToArray());
            }
        }
    }

    [Fact]
    public void Values_are_scaled_and_end_at_the_limits_of_bytes()
    {
        var gray = MapOutputBuffer.Create("float32", [1, 1, 1, 4], -0.1f, 0.2f, 1, 7);
        Assert.Equal([0, 51, 255, 255], Read("image gray scale(255)", gray, "resize(4,1)", MapOutputBuffer.Image(4, 1)).Pixels.ToArray());

        var rgb = MapOutputBuffer.Create("float32", [1, 3, 1, 1], 1, 1, 1);
        Assert.Equal([30, 80, 150], Read("image std(2,3,4) mean(1,5,11) scale(10)", rgb, "resize(1,1)", MapOutputBuffer.Image(1, 1)).Pixels.ToArray());
    }

    [Fact]
    public void The_words_of_the_way_back_undo_those_of_the_way_there()
    {
        var original = TestImages.Rgb(13, 9);
        var values = TestImages.Prepare("bgr scale(1/255) mean(0.5,0.4,0.3) std(0.2,0.3,0.4)", original, ImageLayout.Nchw);
        var output = MapOutputBuffer.Create("float32", [1, 3, 9, 13], values);

        var image = Read("image bgr std(0.2,0.3,0.4) mean(0.5,0.4,0.3) scale(255)", output, "bgr", original);

        Assert.Equal(PixelFormat.Bgr, image.Format);
        Assert.Equal(original.Pixels.ToArray().Chunk(3).SelectMany(pixel => new[] { pixel[2], pixel[1], pixel[0] }), image.Pixels.ToArray());
    }

    [Theory]
    [InlineData("image gray", "letterbox(4)", 8, 4, "4x2", new byte[] { 40, 50, 60, 70, 80, 90, 100, 110 })]
    [InlineData("image gray", "fit(2)", 2, 1, "4x2", new byte[] { 0, 10, 20, 30, 40, 50, 60, 70 })]
    [InlineData("image gray", "crop(4)", 8, 4, "4x4", new byte[] { 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150 })]
    [InlineData("image gray original-size", "letterbox(4)", 2, 1, "2x1", new byte[] { 67, 83 })]
    [InlineData("image gray original-size", "resize(2,2)", 1, 1, "1x1", new byte[] { 75 })]
    public void The_padding_is_left_out(string text, string preparation, int width, int height, string size, byte[] expected)
    {
        var output = MapOutputBuffer.Create("float32", [1, 1, 4, 4], [.. Enumerable.Range(0, 16).Select(index => index * 10f)]);

        var image = Read(text, output, preparation, MapOutputBuffer.Image(width, height));

        Assert.Equal($"{size} Gray", image.ToString());
        Assert.Equal(expected, image.Pixels.ToArray());
    }

    [Theory]
    [InlineData("image luma", "6x3")]
    [InlineData("image luma original-size", "6x3")]
    public void Brightness_gets_the_colors_of_the_original(string text, string size)
    {
        // The brightness of the original as a map gives the original again, apart from the rounding of the brightness.
        var original = TestImages.Rgb(6, 3);
        var luma = TestImages.Prepare("gray", original);
        var output = MapOutputBuffer.Create("float32", [1, 1, 3, 6], luma);

        var image = Read(text, output, "gray resize(6,3)", original);

        Assert.Equal($"{size} Rgb", image.ToString());
        Assert.All(image.Pixels.ToArray().Zip(original.Pixels.ToArray()), pair => Assert.InRange(pair.First, pair.Second - 2, pair.Second + 2));
    }

    [Fact]
    public void Colors_come_from_the_part_that_a_crop_keeps()
    {
        // The left half of the image is red and the right half is blue. Each of the two middle columns of the eight has pixels of both colours after the
        // resize.
        var pixels = Enumerable.Range(0, 16).SelectMany(index => index % 8 < 4 ? new byte[] { 200, 0, 0 } : [0, 0, 200]).ToArray();
        var original = new ImageView(pixels, 8, 2, PixelFormat.Rgb);
        var output = MapOutputBuffer.Create("float32", [1, 1, 2, 2], 60, 23, 60, 23);

        var image = Read("image luma", output, "gray crop(2)", original);

        Assert.Equal("2x2 Rgb", image.ToString());
        int[] row = [200, 0, 0, 0, 0, 200];
        Assert.All(image.Pixels.ToArray().Zip(row.Concat(row)), pair => Assert.InRange(pair.First, pair.Second - 1, pair.Second + 1));
    }

    [Theory]
    [InlineData("image", "float32", "1,3,2")]
    [InlineData("values", "float32", "2,3,2")]
    [InlineData("classes", "float32", "6,1,2")]
    [InlineData("values", "float32", "1,3,2,2")]
    [InlineData("values", "float32", "1,0,2,2")]
    public void An_output_that_differs_from_its_declaration_is_refused(string text, string type, string shape)
    {
        var declared = MapOutputBuffer.Create(type, text == "image" ? [1, 3, 2, 2] : [1, 1, 2, 2], new float[text == "image" ? 12 : 4]);
        var sizes = shape.Split(',').Select(long.Parse).ToArray();
        var output = MapOutputBuffer.Create(type, sizes, new float[sizes.Aggregate(1L, (product, size) => product * size)]);
        var reader = MapOutputBuffer.Reader(text, declared, "resize(2,2)");

        var image = MapOutputBuffer.Image(2, 2);
        Assert.Throws<InvalidOperationException>(() => _ = reader.ReadImage(output, 0, image));
    }

    private static ImageView Read(string text, TensorBuffer output, string preparation, ImageView image) =>
        MapOutputBuffer.Reader(text, output, preparation).ReadImage(output, 0, image);
}
