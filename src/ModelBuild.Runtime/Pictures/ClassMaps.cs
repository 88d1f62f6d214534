using System.Buffers;
using System.Numerics;

namespace ModelBuild.Runtime.Pictures;

/// <summary>Resizes the classes of pixels.</summary>
internal static class ClassMaps
{
    /// <summary>Resizes the scores of all classes by linear interpolation, and takes the class with the highest score for each pixel.</summary>
    public static byte[] FromScores(ReadOnlySpan<float> scores, OutputShape shape, ResampleAxis horizontal, ResampleAxis vertical)
    {
        var columns = ResampleTable.Create(horizontal, 0, horizontal.Size, ImageFilter.Bilinear, antialias: false);
        var rows = ResampleTable.Create(vertical, 0, vertical.Size, ImageFilter.Bilinear, antialias: false);
        var classes = new byte[horizontal.Size * vertical.Size];
        var rented = ArrayPool<float>.Shared.Rent(shape.Size.Width + horizontal.Size);
        var line = rented.AsSpan(0, shape.Size.Width);
        var highest = rented.AsSpan(shape.Size.Width, horizontal.Size);
        for (var y = 0; y < vertical.Size; y++)
        {
            highest.Fill(float.NegativeInfinity);
            var row = classes.AsSpan(y * horizontal.Size, horizontal.Size);
            for (var index = 0; index < shape.Channels; index++)
            {
                AddRows(scores[(index * shape.ChannelStep)..], shape, rows, y, line);
                TakeHigher(line, columns, (byte)index, highest, row);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        return classes;
    }

    /// <summary>Resizes a map of class indices; each pixel takes the class of the nearest pixel.</summary>
    public static byte[] FromIndices<T>(ReadOnlySpan<T> indices, ImageSize size, ResampleAxis horizontal, ResampleAxis vertical)
        where T : unmanaged, IBinaryInteger<T>
    {
        var columns = ResampleTable.Create(horizontal, 0, horizontal.Size, ImageFilter.NearestExact, antialias: false).Starts;
        var rows = ResampleTable.Create(vertical, 0, vertical.Size, ImageFilter.NearestExact, antialias: false).Starts;
        var classes = new byte[horizontal.Size * vertical.Size];
        for (var (y, place) = (0, 0); y < rows.Length; y++)
        for (var x = 0; x < columns.Length; x++)
        {
            var index = indices[(rows[y] * size.Width) + columns[x]];
            classes[place++] =
                T.IsNegative(index) || index > T.CreateSaturating(byte.MaxValue)
                    ? throw new ArgumentException($"The class {index} is not from 0 to 255.", nameof(indices))
                    : byte.CreateTruncating(index);
        }

        return classes;
    }

    private static void AddRows(ReadOnlySpan<float> plane, OutputShape shape, ResampleTable rows, int y, Span<float> line)
    {
        line.Clear();
        for (var tap = 0; tap < rows.Taps; tap++)
        {
            var weight = rows.Weights[(y * rows.WeightStep) + tap];
            var row = plane[((rows.Starts[y] + tap) * shape.Size.Width * shape.PixelStep)..];
            for (var x = 0; x < line.Length; x++)
                line[x] += row[x * shape.PixelStep] * weight;
        }
    }

    private static void TakeHigher(ReadOnlySpan<float> line, ResampleTable columns, byte index, Span<float> highest, Span<byte> classes)
    {
        for (var x = 0; x < classes.Length; x++)
        {
            var score = 0f;
            for (var tap = 0; tap < columns.Taps; tap++)
                score += line[columns.Starts[x] + tap] * columns.Weights[(x * columns.WeightStep) + tap];
            if (score > highest[x])
                (highest[x], classes[x]) = (score, index);
        }
    }
}
