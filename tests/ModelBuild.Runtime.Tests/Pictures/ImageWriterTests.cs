namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>Outputs of models become images of the original's size.</summary>
public sealed class ImageWriterTests
{
    [Theory]
    [InlineData(ImageLayout.Nchw)]
    [InlineData(ImageLayout.Nhwc)]
    public void A_tensor_becomes_the_image_that_it_was_made_from(ImageLayout layout)
    {
        var tensor = TestImages.Prepare("scale(1/255) mean(0.5) std(0.5)", TestImages.Rgb(13, 9), layout);
        long[] shape = layout == ImageLayout.Nchw ? [1, 3, 9, 13] : [1, 9, 13, 3];
        var image = new ImageWriter { Layout = layout, Black = -1 }.Write(tensor, shape);

        Assert.Equal("13x9 Rgb", image.ToString());
        Assert.Equal(TestImages.Source(13, 9), image.Pixels.ToArray());
        Assert.Equal(
            image.Pixels.ToArray(),
            new ImageWriter { Layout = layout, Black = -1 }
                .Write(tensor, shape.AsSpan(1))
                .Pixels.ToArray()
        );
    }

    [Fact]
    public void Bytes_are_pixels()
    {
        var image = new ImageWriter { Layout = ImageLayout.Nhwc, IsBgr = true }.Write(TestImages.Source(13, 9), [9, 13, 3]);

        Assert.Equal("13x9 Bgr", image.ToString());
        Assert.Equal(TestImages.Source(13, 9), image.Pixels.ToArray());
    }

    [Fact]
    public void Values_outside_of_the_range_become_black_or_white()
    {
        var image = new ImageWriter { Black = 2, White = 4 }.Write([1, 2, 3, 4, 5, 3.5f], [2, 3]);

        Assert.Equal(new byte[] { 0, 0, 128, 255, 255, 191 }, image.Pixels.ToArray());
        Assert.Equal(PixelFormat.Gray, image.Format);
    }

    [Fact]
    public void Padding_is_left_out()
    {
        // The original has the left half 0 and the right half 1; the padding is another value.
        var placement = new ImagePreparation("letterbox(8)", ImageLayout.Nchw, 3, 8, 8).Place(16, 8);
        var tensor = new float[64];
        tensor.AsSpan().Fill(0.5f);
        for (var y = 2; y < 6; y++)
        for (var x = 0; x < 8; x++)
            tensor[(y * 8) + x] = x < 4 ? 0 : 1;
        var image = new ImageWriter().Write(tensor, [1, 1, 8, 8], placement);

        Assert.Equal("16x8 Gray", image.ToString());
        for (var y = 0; y < 8; y++)
            Assert.Equal(new byte[] { 0, 0, 0, 0, 0, 0, 0, 64, 191, 255, 255, 255, 255, 255, 255, 255 }, image.Row(y).ToArray());
    }

    [Fact]
    public void A_cropped_area_gets_the_values_at_the_edge()
    {
        var placement = new ImagePreparation("crop(2)", ImageLayout.Nchw, 3, 2, 2).Place(6, 2);
        var image = new ImageWriter { White = 255 }.Write([10, 20, 30, 40], [2, 2], placement);

        Assert.Equal(new byte[] { 10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40 }, image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(ImageLayout.Nchw)]
    [InlineData(ImageLayout.Nhwc)]
    public void Scores_become_classes(ImageLayout layout)
    {
        // The left half has class 1, the right half class 2, and the padding above and below class 0. The map is half as large as the prepared image.
        var placement = new ImagePreparation("letterbox(16)", ImageLayout.Nchw, 3, 16, 16).Place(32, 16);
        var scores = new float[3 * 8 * 8];
        for (var y = 0; y < 8; y++)
        for (var x = 0; x < 8; x++)
        {
            var best =
                y is < 2 or > 5 ? 0
                : x < 4 ? 1
                : 2;
            scores[layout == ImageLayout.Nchw ? (best * 64) + (y * 8) + x : (((y * 8) + x) * 3) + best] = 1;
        }

        var image = new ImageWriter { Layout = layout }.WriteClassScores(scores, layout == ImageLayout.Nchw ? [1, 3, 8, 8] : [8, 8, 3], placement);

        for (var y = 0; y < 16; y++)
            Assert.Equal(Enumerable.Range(0, 32).Select(x => (byte)(x < 16 ? 1 : 2)), image.Row(y).ToArray());
    }

    [Fact]
    public void A_class_map_keeps_its_indices()
    {
        var placement = new ImagePreparation("fit(4)", ImageLayout.Nchw, 3, 4, 4).Place(4, 2);

        var image = new ImageWriter().WriteClassMap<long>([7, 9, 255, 255], [1, 1, 2, 2], placement);

        Assert.Equal(new byte[] { 7, 7, 9, 9, 7, 7, 9, 9 }, image.Pixels.ToArray());
        Assert.Throws<ArgumentException>(() => new ImageWriter().WriteClassMap<long>([256, 0, 0, 0], [2, 2], placement));
        Assert.Throws<ArgumentException>(() => new ImageWriter().WriteClassMap<int>([-1, 0, 0, 0], [2, 2], placement));
        Assert.Throws<ArgumentException>(() => new ImageWriter().WriteClassMap<int>([1, 0, 0, 0], [2, 1, 2], placement));
    }

    [Fact]
    public void Other_tensors_are_refused()
    {
        var writer = new ImageWriter();

        Assert.Throws<ArgumentException>(() => writer.Write(new float[8], [2, 2, 2]));
        Assert.Throws<ArgumentException>(() => writer.Write(new float[8], [4]));
        Assert.Throws<ArgumentException>(() => writer.Write(new float[8], [2, 1, 2, 2]));
        Assert.Throws<ArgumentException>(() => writer.Write(new float[8], [1, 3, 3]));
        Assert.Throws<ArgumentException>(() => writer.Write(Array.Empty<float>(), [1, 0, 3]));
        Assert.Throws<ArgumentException>(() => writer.Write(new float[4], [2, 2], default));
        Assert.Throws<ArgumentException>(() => new ImageWriter { Black = 1 }.Write(new float[4], [2, 2]));
        Assert.Throws<ArgumentException>(() => writer.WriteClassScores(new float[257], [257, 1, 1], default));
    }
}
