using System.Buffers;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Flips images and moves them by whole pixels.</summary>
internal static class ImageMove
{
    /// <summary>Changes planes of pixels in place: first left and right change places, then the planes move.</summary>
    /// <param name="planes">The planes, one after the other.</param>
    /// <param name="size">The number of bytes of a pixel of a plane.</param>
    /// <param name="height">The number of pixels of a column.</param>
    /// <param name="width">The number of pixels of a line.</param>
    /// <param name="isFlipped">Whether left and right change places.</param>
    /// <param name="down">The number of pixels by which the planes move down; negative to move up.</param>
    /// <param name="right">The number of pixels by which the planes move right; negative to move left.</param>
    public static void Apply(Span<byte> planes, int size, int height, int width, bool isFlipped, int down, int right)
    {
        var line = width * size;
        var rented = ArrayPool<byte>.Shared.Rent(height * line);
        var source = rented.AsSpan(0, height * line);
        for (var start = 0; start < planes.Length; start += source.Length)
        {
            var plane = planes.Slice(start, source.Length);
            plane.CopyTo(source);
            for (var y = 0; y < height; y++)
            {
                var from = source.Slice(Math.Clamp(y - down, 0, height - 1) * line, line);
                Move(from, plane.Slice(y * line, line), size, width, isFlipped, right);
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Move(ReadOnlySpan<byte> from, Span<byte> to, int size, int width, bool isFlipped, int right)
    {
        for (var x = 0; x < width; x++)
        {
            var column = Math.Clamp(x - right, 0, width - 1);
            from.Slice((isFlipped ? width - 1 - column : column) * size, size).CopyTo(to[(x * size)..]);
        }
    }
}
