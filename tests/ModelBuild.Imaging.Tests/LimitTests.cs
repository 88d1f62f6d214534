using System.Buffers.Binary;
using ModelBuild.Imaging.Tests.Support;

namespace ModelBuild.Imaging.Tests;

/// <summary>The limits of files.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(384, true)]
    [InlineData(383, false)]
    public void A_file_may_have_as_many_pixels_as_the_limit(int maxPixels, bool isRead) =>
        Check(new PictureLimits { MaxPixels = maxPixels }, isRead, "has 24x16 pixels, which are more than 383", "PictureLimits.MaxPixels");

    [Theory]
    [InlineData(24, true)]
    [InlineData(23, false)]
    public void A_side_may_be_as_long_as_the_limit(int maxSide, bool isRead) =>
        Check(new PictureLimits { MaxSide = maxSide }, isRead, "has 24x16 pixels, and a side is longer than 23", "PictureLimits.MaxSide");

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void A_file_may_have_as_many_bytes_as_the_limit(int more, bool isRead)
    {
        var max = Files.Read("rgb.png").Length + more;
        Check(new PictureLimits { MaxBytes = max }, isRead, $"has more than {max} bytes", "PictureLimits.MaxBytes");
    }

    [Theory]
    [InlineData(60_000, 60_000, "MaxPixels")]
    [InlineData(65_536, 1, "MaxSide")]
    [InlineData(1, 65_536, "MaxSide")]
    public void The_default_limits_are_checked_on_the_header_before_memory_is_allocated(int width, int height, string limit)
    {
        var file = Header(width, height);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<PictureException>(() => Picture.Load(file));

        Assert.Contains(limit, error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_limit_that_cannot_be_kept_is_an_error(int value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureLimits { MaxPixels = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureLimits { MaxBytes = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureLimits { MaxSide = value });
    }

    private static void Check(PictureLimits limits, bool isRead, string message, string option)
    {
        var file = Files.Read("rgb.png");
        Func<Picture>[] loads =
        [
            () => Picture.Load(Files.PathOf("rgb.png"), limits),
            () => Picture.Load(new MemoryStream(file), limits),
            () => Picture.Load(new OneWayStream(file), limits),
            () => Picture.Load(file, limits),
        ];
        foreach (var load in loads)
        {
            if (isRead)
            {
                using var picture = load();
                Assert.Equal((24, 16), (picture.Width, picture.Height));
                continue;
            }

            var error = Assert.Throws<PictureException>(load);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Contains(option, error.Message, StringComparison.Ordinal);
        }
    }

    // Returns a PNG file whose header has another size than its pixels.
    private static byte[] Header(int width, int height)
    {
        var file = Files.Read("rgb.png");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        PngChecksums.Repair(file);
        return file;
    }
}
