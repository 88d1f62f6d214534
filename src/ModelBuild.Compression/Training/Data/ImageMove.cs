using System.Buffers;
using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Flips images and moves them by whole pixels. Pixels from outside have the value of the nearest pixel of the border.</summary>
internal static class ImageMove
{
    /// <summary>Changes planes of pixels in place: first left and right change places, then the planes move.</summary>
    /// <param name="planes">The planes, one after the other.</param>
    /// <param name="size">The number of bytes of a pixel of a plane: 1, 2, 4 or 8.</param>
    /// <param name="height">The number of pixels of a column.</param>
    /// <param name="width">The number of pixels of a line.</param>
    /// <param name="isFlipped">Whether left and right change places.</param>
    /// <param name="down">The number of pixels by which the planes move down; negative to move up.</param>
    /// <param name="right">The number of pixels by which the planes move right; negative to move left.</param>
    public static void Apply(Span<byte> planes, int size, int height, int width, bool isFlipped, int down, int right)
    {
        switch (size)
        {
            case 1:
                Apply<byte>(planes, height, width, isFlipped, down, right);
                break;
            case 2:
                Apply<ushort>(planes, height, width, isFlipped, down, right);
                break;
            case 4:
                Apply<uint>(planes, height, width, isFlipped, down, right);
                break;
            default:
                Apply<ulong>(planes, height, width, isFlipped, down, right);
                break;
        }
    }

    private static void Apply<T>(Span<byte> planes, int height, int width, bool isFlipped, int down, int right)
        where T : unmanaged
    {
        var pixels = MemoryMarshal.Cast<byte, T>(planes);
        var rented = ArrayPool<T>.Shared.Rent(height * width);
        var source = rented.AsSpan(0, height * width);
        // The horizontal move is limited to the width less one. A larger move would also fill each row with its border pixel.
        var offset = Math.Clamp(right, 1 - width, width - 1);
        for (var start = 0; start < pixels.Length; start += source.Length)
        {
            var plane = pixels.Slice(start, source.Length);
            plane.CopyTo(source);
            if (isFlipped)
                for (var y = 0; y < height; y++)
                    source.Slice(y * width, width).Reverse();
            for (var y = 0; y < height; y++)
                MoveLine(source.Slice(Math.Clamp(y - down, 0, height - 1) * width, width), plane.Slice(y * width, width), offset);
        }

        ArrayPool<T>.Shared.Return(rented);
    }

    private static void MoveLine<T>(ReadOnlySpan<T> from, Span<T> to, int right)
    {
        if (right >= 0)
        {
            to[..right].Fill(from[0]);
            from[..^right].CopyTo(to[right..]);
        }
        else
        {
            from[-right..].CopyTo(to);
            to[^-right..].Fill(from[^1]);
        }
    }
}
