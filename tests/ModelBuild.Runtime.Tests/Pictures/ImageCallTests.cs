using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>Calls of generated classes with images.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ImageCallTests
{
    private static readonly ModelOptions OneThread = new() { Threads = 1 };

    [Fact]
    public void A_model_of_fixed_size_gets_the_image_as_the_project_describes_it()
    {
        using var model = PhotoModel.Load(TinyModels.Photo(), OneThread);

        using var result = model.Run(Image(4, 3));

        Assert.Equal([1, 3, 3, 4], result.Y.Shape.ToArray());
        // The first channel is blue, the third one red.
        for (var y = 0; y < 3; y++)
        for (var x = 0; x < 4; x++)
        {
            Assert.Equal(Value(x, y, 2) - 1, result.Y[0, 0, y, x]);
            Assert.Equal(Value(x, y, 1) - 2, result.Y[0, 1, y, x]);
            Assert.Equal(Value(x, y, 0) - 3, result.Y[0, 2, y, x]);
        }
    }

    [Fact]
    public void The_result_is_that_of_the_prepared_tensor()
    {
        using var model = PhotoModel.Load(TinyModels.Photo(), OneThread);
        var tensor = new float[36];
        PhotoModel.Preparation.Write(Image(31, 17), tensor);

        using var expected = model.Run(tensor);
        using var result = model.Run(Image(31, 17));

        Assert.Equal(expected.Y.ToArray(), result.Y.ToArray());
    }

    [Fact]
    public void Sizes_that_are_not_declared_follow_from_the_images()
    {
        using var model = PhotosModel.Load(TinyModels.Photos(), OneThread);
        foreach (var (width, height, count) in new[] { (5, 3, 1), (2, 7, 3), (5, 3, 2) })
        {
            using var result = model.Run(Enumerable.Repeat(Image(width, height), count).ToArray());

            Assert.Equal([count, 3, height, width], result.Y.Shape.ToArray());
            Assert.Equal(Value(width - 1, height - 1, 1) / 255f, result.Y[count - 1, 1, height - 1, width - 1], 1e-6f);
        }
    }

    [Fact]
    public void Bytes_and_halves_with_channels_last_or_first()
    {
        using var bytes = PhotoBytesModel.Load(TinyModels.PhotoBytes(), OneThread);
        using var halves = PhotoHalvesModel.Load(TinyModels.PhotoHalves(), OneThread);

        using var gray = bytes.Run(new ImageView(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255 }, 4, 3, PixelFormat.Gray));
        using var colour = halves.Run([Image(4, 3), Image(4, 3)]);

        Assert.Equal([1, 3, 4, 1], gray.Y.Shape.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255], gray.Y.ToArray());
        Assert.Equal([2, 3, 3, 4], colour.Y.Shape.ToArray());
        Assert.Equal((Half)Value(3, 2, 2), colour.Y[1, 2, 2, 3]);
    }

    [Fact]
    public void An_image_that_is_no_image_is_one_clear_error_and_the_next_call_works()
    {
        using var model = PhotosModel.Load(TinyModels.Photos(), OneThread);

        Assert.StartsWith("The image is empty", Assert.Throws<ArgumentException>(() => model.Run(default(ImageView))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "There is no image",
            Assert.Throws<ArgumentException>(() => model.Run(ReadOnlySpan<ImageView>.Empty)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("one size", Assert.Throws<ArgumentException>(() => model.Run([Image(2, 2), Image(3, 2)])).Message, StringComparison.Ordinal);
        using var result = model.Run(Image(2, 2));
        Assert.Equal(12, result.Y.Length);
    }

    [Fact]
    public void Calls_after_the_first_ones_allocate_nothing()
    {
        using var model = PhotoModel.Load(TinyModels.Photo(), OneThread);
        var image = Image(64, 48);
        void Calls(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var result = model.Run(image);
            }
        }

        Calls(2000);
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Calls(1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static float Value(int x, int y, int channel) => (7 * x) + (31 * y) + (50 * channel);

    private static ImageView Image(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        for (var channel = 0; channel < 3; channel++)
            pixels[(((y * width) + x) * 3) + channel] = (byte)Value(x, y, channel);
        return new ImageView(pixels, width, height, PixelFormat.Rgb);
    }
}
