using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>The preparation of images of one size allocates nothing after the first calls.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ImageAllocationTests
{
    private const int Rounds = 3;
    private const int Calls = 500;

    [Theory]
    [InlineData("letterbox(32)", PixelFormat.Rgb)]
    [InlineData("resize(32) crop(24) mean(1,2,3)", PixelFormat.Bgra)]
    [InlineData("gray resize(16,16,bicubic,antialias=false)", PixelFormat.Rgb)]
    [InlineData("resize(16,16)", PixelFormat.GrayFloat)]
    public void A_size_that_repeats(string description, PixelFormat format)
    {
        var image = new ImageView(new byte[50 * 40 * 4], 50, 40, format);
        foreach (var layout in new[] { ImageLayout.Nchw, ImageLayout.Nhwc })
        {
            var preparation = new ImagePreparation(description, layout, 0, 0, 0);
            var size = preparation.Size(50, 40);
            var floats = new float[preparation.Channels * size.Width * size.Height];
            var (halves, bytes) = (new Half[floats.Length], new byte[floats.Length]);
            var images = new[] { image };
            Assert.Equal(
                0,
                BytesOf(() =>
                {
                    preparation.Write(image, floats);
                    preparation.Write(image, halves);
                    preparation.Write(image, bytes);
                    preparation.Write(images, floats);
                    floats[0] = preparation.Place(50, 40).ToOriginal(1, 1).X;
                })
            );
        }
    }

    private static long BytesOf(Action call)
    {
        for (var i = 0; i < 100; i++)
            call();
        // Allocations of a call occur in every round. The runtime's own allocations occur in some of the rounds only.
        return Enumerable.Range(0, Rounds).Min(_ => BytesOfRound(call));
    }

    private static long BytesOfRound(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
