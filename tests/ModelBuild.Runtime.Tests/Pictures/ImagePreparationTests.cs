namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>Images of every format become tensors of every layout and element type.</summary>
public sealed class ImagePreparationTests
{
    private const string Letterbox = "rgb letterbox(23,21,bicubic) scale(1/255) mean(0.4,0.5,0.6) std(0.2,0.3,0.4)";

    // Single precision has an error of about 1e-7 of a value near 1; the constants leave room for a factor of 10.
    private const float Tiny = 1e-5f;

    [Theory]
    [InlineData("rgb")]
    [InlineData("bgr")]
    [InlineData("resize(37,29)")]
    [InlineData("resize(29,bicubic)")]
    [InlineData("resize(29,bicubic,antialias=false)")]
    [InlineData("resize(29,nearest)")]
    [InlineData("resize(29,nearest-exact)")]
    [InlineData("fit(37,29)")]
    [InlineData("letterbox(37,29,antialias=false)")]
    [InlineData("crop(37,29)")]
    public void A_resize_to_the_same_size_keeps_the_pixels(string description)
    {
        var source = TestImages.Source(37, 29);
        var expected = Array.ConvertAll(source, value => (float)value);
        if (description == "bgr")
            for (var i = 0; i < expected.Length; i += 3)
                (expected[i], expected[i + 2]) = (expected[i + 2], expected[i]);

        Assert.Equal(expected, TestImages.Prepare(description, TestImages.Rgb(37, 29)));
    }

    [Theory]
    [InlineData("rgb", PixelFormat.Rgb, 3)]
    [InlineData("bgr", PixelFormat.Rgb, 3)]
    [InlineData("rgb", PixelFormat.Bgra, 4)]
    [InlineData("bgr", PixelFormat.Bgra, 4)]
    [InlineData("rgb", PixelFormat.Gray, 1)]
    public void Pixels_that_stay_are_those_of_a_tensor_of_floats(string description, PixelFormat format, int bytes)
    {
        const int Width = 7;
        const int Height = 5;
        const int Stride = (Width * 4) + 3;
        var pixels = TestImages.Source(Stride, Height)[..(((Height - 1) * Stride) + (Width * bytes))];
        var image = new ImageView(pixels, Width, Height, format, Stride);
        var tensor = new byte[Width * Height * 3];

        new ImagePreparation(description, ImageLayout.Nhwc, 3, 0, 0).Write(image, tensor);

        Assert.Equal(TestImages.Prepare(description, image), Array.ConvertAll(tensor, value => (float)value));
    }

    public static TheoryData<string, int, int> Filters()
    {
        var cases = new TheoryData<string, int, int>();
        foreach (var filter in new[] { "bilinear", "bicubic", "bilinear,antialias=false", "bicubic,antialias=false", "nearest", "nearest-exact" })
        foreach (var (width, height) in new[] { (7, 5), (64, 33), (1, 1), (31, 90) })
            cases.Add(filter, width, height);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_constant_image_stays_constant(string filter, int width, int height)
    {
        foreach (var value in new byte[] { 0, 1, 127, 254, 255 })
        {
            var pixels = new byte[31 * 17 * 3];
            pixels.AsSpan().Fill(value);
            var prepared = TestImages.Prepare($"resize({width},{height},{filter})", new ImageView(pixels, 31, 17, PixelFormat.Rgb));
            Assert.All(prepared, actual => Assert.Equal(value, actual));
        }
    }

    [Theory]
    [InlineData(PixelFormat.Rgb)]
    [InlineData(PixelFormat.Bgr)]
    [InlineData(PixelFormat.Rgba)]
    [InlineData(PixelFormat.Bgra)]
    public void The_format_of_the_pixels_does_not_change_the_tensor(PixelFormat format)
    {
        foreach (var order in new[] { "rgb", "bgr", "gray" })
        {
            var description = $"{order} resize(19,23)";
            var expected = TestImages.Prepare(description, TestImages.Rgb(43, 31));
            Assert.Equal(expected, TestImages.Prepare(description, Stored(format, 43, 31, padding: 0)));
            Assert.Equal(expected, TestImages.Prepare(description, Stored(format, 43, 31, padding: 13)));
        }
    }

    [Fact]
    public void Gray_pixels_are_all_channels()
    {
        var pixels = TestImages.Source(43, 31)[..(43 * 31)];
        var gray = TestImages.Prepare("gray resize(19,23)", new ImageView(pixels, 43, 31, PixelFormat.Gray));
        var color = TestImages.Prepare("bgr resize(19,23)", new ImageView(pixels, 43, 31, PixelFormat.Gray));

        Assert.Equal(19 * 23, gray.Length);
        Assert.Equal(gray.SelectMany(value => new[] { value, value, value }), color);
    }

    [Fact]
    public void Floats_from_0_to_1_are_pixels_without_rounding()
    {
        var bytes = TestImages.Prepare("rgb resize(19,23)", TestImages.Rgb(43, 31));
        var floats = TestImages.Prepare("rgb resize(19,23)", TestImages.Floats(43, 31));
        var gray = new ImageView(new[] { 0f, 0.5f, 1f }, 3, 1, PixelFormat.GrayFloat);

        // The bytes are rounded after each of two axes.
        Assert.InRange(bytes.Zip(floats, (a, b) => Math.Abs(a - b)).Max(), 0.1f, 1.01f);
        Assert.Equal([0, 127.5f, 255], TestImages.Prepare("gray", gray));
        // The brightness of white is 1, and that of pure green is 0.587.
        Assert.Equal(0.587 * 255, TestImages.Prepare("gray", new ImageView(new[] { 0f, 1f, 0f }, 1, 1, PixelFormat.RgbFloat))[0], 0.01);
    }

    [Fact]
    public void Layouts_contain_the_same_values()
    {
        var last = TestImages.Prepare(Letterbox, TestImages.Rgb(43, 31));
        var first = TestImages.Prepare(Letterbox, TestImages.Rgb(43, 31), ImageLayout.Nchw);

        for (var i = 0; i < 23 * 21; i++)
        for (var channel = 0; channel < 3; channel++)
            Assert.Equal(last[(i * 3) + channel], first[(channel * 23 * 21) + i]);
    }

    [Theory]
    [InlineData(ImageLayout.Nchw)]
    [InlineData(ImageLayout.Nhwc)]
    public void Other_element_types_contain_the_converted_values(ImageLayout layout)
    {
        var image = TestImages.Rgb(43, 31);
        var floats = TestImages.Prepare(Letterbox, image, layout);
        var halves = new Half[floats.Length];
        new ImagePreparation(Letterbox, layout, 3, 21, 23).Write(image, halves);
        Assert.Equal(Array.ConvertAll(floats, value => (Half)value), halves);

        const string Shifted = "letterbox(23,21) mean(100) scale(1.5)";
        var bytes = new byte[floats.Length];
        new ImagePreparation(Shifted, layout, 3, 21, 23).Write(image, bytes);
        Assert.Equal(Array.ConvertAll(TestImages.Prepare(Shifted, image, layout), value => (byte)Math.Clamp(MathF.Round(value), 0, 255)), bytes);
        Assert.Contains((byte)0, bytes);
        Assert.Contains((byte)21, bytes);
    }

    [Fact]
    public void A_batch_contains_its_images_one_after_another()
    {
        ImageView[] images = [TestImages.Rgb(43, 31), TestImages.Rgb(17, 50), Stored(PixelFormat.Bgra, 31, 31, padding: 1)];
        var preparation = new ImagePreparation(Letterbox, ImageLayout.Nchw, 3, 21, 23);
        var batch = new float[3 * 3 * 21 * 23];
        preparation.Write(images, batch);

        Assert.Equal(images.SelectMany(image => TestImages.Prepare(Letterbox, image, ImageLayout.Nchw)), batch);

        var halves = new Half[batch.Length];
        preparation.Write(images, halves);
        Assert.Equal(Array.ConvertAll(batch, value => (Half)value), halves);
        var bytes = new byte[2 * 4 * 4 * 3];
        new ImagePreparation("resize(4,4)", ImageLayout.Nhwc, 3, 4, 4).Write(images.AsSpan(0, 2), bytes);
        Assert.Equal(TestImages.Prepare("resize(4,4)", images[1]), Array.ConvertAll(bytes[48..], value => (float)value));
    }

    [Fact]
    public void Padding_is_normalized_as_pixels_are()
    {
        var prepared = TestImages.Prepare("letterbox(4,9) scale(1/255) mean(0.5) std(0.25)", TestImages.Rgb(8, 8));

        Assert.Equal(((114 / 255.0) - 0.5) / 0.25, prepared[0], Tiny);
        Assert.Equal(((114 / 255.0) - 0.5) / 0.25, prepared[^1], Tiny);
    }

    [Theory]
    [InlineData("rgb", 48, 0, "64x48")]
    [InlineData("rgb", 0, 20, "20x15")]
    [InlineData("rgb", 30, 20, "20x30")]
    [InlineData("rgb", 0, 0, "400x300")]
    [InlineData("crop(20)", 0, 0, "20x20")]
    [InlineData("resize(100)", 0, 0, "133x100")]
    [InlineData("resize(100) crop(90,80)", 80, 90, "90x80")]
    public void The_size_follows_from_the_description_or_the_model(string description, int height, int width, string expected) =>
        Assert.Equal(expected, new ImagePreparation(description, ImageLayout.Nchw, 3, height, width).Size(400, 300).ToString());

    [Fact]
    public void A_placement_maps_points_back()
    {
        var letterbox = new ImagePreparation("letterbox(640)", ImageLayout.Nchw, 3, 640, 640).Place(1920, 1080);
        Assert.Equal((0f, 0f), letterbox.ToOriginal(0, 140));
        Assert.Equal((1920f, 1080f), Rounded(letterbox.ToOriginal(640, 500)));
        Assert.Equal((320f, 320f), Rounded(letterbox.ToPrepared(960, 540)));

        var crop = new ImagePreparation("resize(256) crop(224)", ImageLayout.Nchw, 3, 224, 224).Place(512, 1024);
        Assert.Equal((-16f, -144f), (crop.OffsetX, crop.OffsetY));
        Assert.Equal((32f, 288f), crop.ToOriginal(0, 0));
        Assert.Equal((new ImageSize(512, 1024), new ImageSize(224, 224)), (crop.Original, crop.Prepared));

        static (float X, float Y) Rounded((float X, float Y) point) => (MathF.Round(point.X, 2), MathF.Round(point.Y, 2));
    }

    [Fact]
    public void A_crop_reads_only_what_it_shows()
    {
        // The whole resized image would have 3.6 billion pixels, so that only the cropped part can be computed.
        var prepared = TestImages.Prepare("resize(60000) crop(4)", TestImages.Rgb(3, 3));

        Assert.Equal(TestImages.Prepare("rgb", TestImages.Rgb(3, 3))[12..15], prepared[..3]);
    }

    [Theory]
    [InlineData("crop(224)", 3, 299, 299, "'crop' gives 224x224 pixels (width x height), and the input of the model has 299x299.")]
    [InlineData("resize(256) crop(224)", 3, 0, 299, "has 299xany.")]
    [InlineData("letterbox(640)", 3, 480, 640, "'letterbox' gives 640x640 pixels (width x height), and the input of the model has 640x480.")]
    [InlineData("fit(320,240)", 3, 320, 240, "'fit' gives 320x240")]
    [InlineData("resize(5,6)", 3, 5, 6, "'resize' gives 5x6")]
    [InlineData("resize(256)", 3, 256, 256, "Add a 'crop'")]
    [InlineData("gray", 3, 28, 28, "'gray' has 1 channel and the input of the model has 3 channels.")]
    [InlineData("", 1, 28, 28, "'rgb' has 3 channels and the input of the model has 1 channel. Start the description with 'gray'.")]
    public void A_contradiction_names_both_numbers(string description, int channels, int height, int width, string explanation)
    {
        var fault = Assert.Throws<ArgumentException>(() => new ImagePreparation(description, ImageLayout.Nchw, channels, height, width));

        Assert.Contains(explanation, fault.Message, StringComparison.Ordinal);
        Assert.Equal("description", fault.ParamName);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        var preparation = new ImagePreparation("resize(4,4)", ImageLayout.Nchw, 3, 0, 0);

        Assert.Throws<ArgumentException>(() => new ImagePreparation("resise(4)", ImageLayout.Nchw, 3, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreparation("", (ImageLayout)7, 3, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreparation("", ImageLayout.Nchw, -3, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => preparation.Size(0, 4));
        Assert.Throws<ArgumentException>(() => preparation.Write(default(ImageView), new float[48]));
        Assert.Throws<ArgumentException>(() => preparation.Write([], new float[48]));
        var fault = Assert.Throws<ArgumentException>(() => preparation.Write(TestImages.Rgb(5, 5), new float[49]));
        Assert.Contains("has 48 elements for images of 4x4 pixels with 3 channels; the destination has 49", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => preparation.Write([TestImages.Rgb(5, 5)], new Half[49]));
        Assert.Throws<ArgumentException>(() => new ImagePreparation("resize(65535)", ImageLayout.Nchw, 3, 0, 0).Size(1, 1_000_000));

        var free = new ImagePreparation("", ImageLayout.Nchw, 3, 0, 0);
        var sizes = Assert.Throws<ArgumentException>(() => free.Write([TestImages.Rgb(5, 5), TestImages.Rgb(6, 5)], new float[165]));
        Assert.Contains("one has 5x5 pixels and another one 6x5", sizes.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_share_one_instance()
    {
        var preparation = new ImagePreparation(Letterbox, ImageLayout.Nchw, 3, 21, 23);
        ImageView[] images = [TestImages.Rgb(43, 31), TestImages.Rgb(17, 50), TestImages.Rgb(60, 60)];
        var expected = Array.ConvertAll(images, image => TestImages.Prepare(Letterbox, image, ImageLayout.Nchw));

        Parallel.For(
            0,
            300,
            i =>
            {
                var actual = new float[3 * 21 * 23];
                preparation.Write(images[i % 3], actual);
                Assert.Equal(expected[i % 3], actual);
            }
        );
    }

    private static ImageView Stored(PixelFormat format, int width, int height, int padding)
    {
        var rgb = TestImages.Source(width, height);
        var bytes = format is PixelFormat.Rgb or PixelFormat.Bgr ? 3 : 4;
        var isBlueFirst = format is PixelFormat.Bgr or PixelFormat.Bgra;
        var stride = (width * bytes) + padding;
        var pixels = new byte[stride * height];
        pixels.AsSpan().Fill(77);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        for (var c = 0; c < 3; c++)
            pixels[(y * stride) + (x * bytes) + (isBlueFirst ? 2 - c : c)] = rgb[(((y * width) + x) * 3) + c];
        return new ImageView(pixels, width, height, format, stride);
    }
}
