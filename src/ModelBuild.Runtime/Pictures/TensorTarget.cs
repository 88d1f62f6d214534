using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Pictures;

/// <summary>Writes rows of pixels into a tensor of one image.</summary>
/// <typeparam name="T">The element type: <see cref="float"/>, <see cref="Half"/> or <see cref="byte"/>.</typeparam>
/// <param name="tensor">The elements of the tensor.</param>
/// <param name="layout">The order of the dimensions.</param>
/// <param name="channels">The number of channels, 1 or 3.</param>
/// <param name="size">The size of the image.</param>
/// <param name="buffer">Room for the values of one row; not used for floats.</param>
internal readonly ref struct TensorTarget<T>(Span<T> tensor, ImageLayout layout, int channels, ImageSize size, Span<float> buffer)
    where T : unmanaged
{
    private readonly Span<T> _tensor = tensor;
    private readonly Span<float> _buffer = buffer;

    /// <summary>Writes pixels of one row to the tensor.</summary>
    /// <param name="pixels">The pixels, four values for each.</param>
    /// <param name="x">The column of the first pixel.</param>
    /// <param name="y">The row.</param>
    /// <param name="count">The number of pixels.</param>
    public void Write(ReadOnlySpan<float> pixels, int x, int y, int count)
    {
        if (channels == 1)
        {
            var target = Plane(0, x, y, count);
            var values = Floats(target, 0);
            PixelRows.CopyFirst(pixels, values);
            Convert(values, target);
        }
        else if (layout == ImageLayout.Nhwc)
        {
            var target = _tensor.Slice(((y * size.Width) + x) * 3, count * 3);
            var values = Floats(target, 0);
            PixelRows.CopyTriples(pixels, values);
            Convert(values, target);
        }
        else
        {
            Span<T> first = Plane(0, x, y, count),
                second = Plane(1, x, y, count),
                third = Plane(2, x, y, count);
            Span<float> one = Floats(first, 0),
                two = Floats(second, count),
                three = Floats(third, 2 * count);
            PixelRows.Split(pixels, one, two, three);
            Convert(one, first);
            Convert(two, second);
            Convert(three, third);
        }
    }

    /// <summary>Fills an area of one row with the same pixel.</summary>
    /// <param name="pixel">The values of the channels.</param>
    /// <param name="x">The first column.</param>
    /// <param name="y">The row.</param>
    /// <param name="count">The number of columns.</param>
    public void Fill(ReadOnlySpan<float> pixel, int x, int y, int count)
    {
        Span<T> values = stackalloc T[3];
        Convert(pixel, values[..channels]);
        if (channels == 3 && layout == ImageLayout.Nhwc)
        {
            var target = _tensor.Slice(((y * size.Width) + x) * 3, count * 3);
            for (var i = 0; i < target.Length; i += 3)
                values.CopyTo(target[i..]);
            return;
        }

        for (var channel = 0; channel < channels; channel++)
            Plane(channel, x, y, count).Fill(values[channel]);
    }

    private Span<T> Plane(int channel, int x, int y, int count) => _tensor.Slice((((channel * size.Height) + y) * size.Width) + x, count);

    // Returns the memory for converted values: the tensor itself for floats, and a buffer for the other types, whose values are converted afterwards.
    private Span<float> Floats(Span<T> target, int place) =>
        typeof(T) == typeof(float) ? MemoryMarshal.Cast<T, float>(target) : _buffer.Slice(place, target.Length);

    private static void Convert(ReadOnlySpan<float> values, Span<T> target)
    {
        if (typeof(T) == typeof(float))
        {
            if (!values.Overlaps(MemoryMarshal.Cast<T, float>(target)))
                values.CopyTo(MemoryMarshal.Cast<T, float>(target));
        }
        else if (typeof(T) == typeof(Half))
        {
            TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<T, Half>(target));
        }
        else
        {
            var bytes = MemoryMarshal.Cast<T, byte>(target);
            for (var i = 0; i < values.Length; i++)
                bytes[i] = (byte)Math.Clamp(MathF.Round(values[i]), 0, 255);
        }
    }
}
