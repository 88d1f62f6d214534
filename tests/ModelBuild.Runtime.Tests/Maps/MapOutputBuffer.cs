using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Tests.Maps;

/// <summary>An output of a model as a test writes it.</summary>
internal static class MapOutputBuffer
{
    /// <summary>Creates the buffer of an output with one of the element types.</summary>
    public static TensorBuffer Create(string type, long[] shape, params float[] values)
    {
        var buffer = ElementTypes.CreateBuffer(TensorContract.Of("map", type, [.. shape.Select(size => (TensorDimension)size)]));
        buffer.SetLength(values.Length);
        buffer.SetShape(shape, values.Length);
        switch (buffer)
        {
            case TensorBuffer<float> floats:
                values.CopyTo(floats.Span);
                break;
            case TensorBuffer<Half> halves:
                Array.ConvertAll(values, value => (Half)value).CopyTo(halves.Span);
                break;
            case TensorBuffer<byte> bytes:
                Array.ConvertAll(values, value => (byte)value).CopyTo(bytes.Span);
                break;
            case TensorBuffer<int> integers:
                Array.ConvertAll(values, value => (int)value).CopyTo(integers.Span);
                break;
            case TensorBuffer<long> integers:
                Array.ConvertAll(values, value => (long)value).CopyTo(integers.Span);
                break;
            case TensorBuffer<bool> booleans:
                Array.ConvertAll(values, value => value != 0).CopyTo(booleans.Span);
                break;
            default:
                Assert.Fail($"No output of type {type} here.");
                break;
        }

        return buffer;
    }

    /// <summary>Creates the reader for an output.</summary>
    public static MapReader Reader(string map, TensorBuffer output, string image, string[]? labels = null, ImageLayout layout = ImageLayout.Nchw) =>
        new($"{map} output=map", labels ?? [], [output.Contract], new ImagePreparation(image, layout, 0, 0, 0));

    /// <summary>Returns a black image.</summary>
    public static ImageView Image(int width, int height) => new(new byte[width * height * 3], width, height, PixelFormat.Rgb);
}
