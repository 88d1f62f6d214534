using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Comparison;

/// <summary>Draws small images of the samples of a model that takes images.</summary>
internal sealed class Thumbnails
{
    private const int MaxSide = 96;
    private const int Channels = 3;

    private readonly string _input;
    private readonly bool _isChannelsLast;
    private readonly bool _isBgr;
    private readonly PixelRange? _range;

    private Thumbnails(string input, PixelRange range, ImageDescription? description)
    {
        _input = input;
        _isChannelsLast = range.ChannelsLast;
        _isBgr = description?.Order == ChannelOrder.Bgr;
        // Without a description of the input, the values for black and white are not known. The darkest pixel of each image is then drawn black, and the
        // brightest pixel white.
        _range = description is null ? null : range;
    }

    /// <summary>Returns the object that draws the samples of a model, or null if no input has the shape of images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="signature">The signature of the model.</param>
    /// <param name="sample">A sample.</param>
    /// <param name="description">The description of the image that the model takes; null if there is none.</param>
    public static Thumbnails? Of(OnnxModel model, ModelSignature signature, Sample sample, ImageDescription? description)
    {
        foreach (var input in signature.Inputs)
            if (
                sample.Inputs.TryGetValue(input.Name, out var array)
                && array.Type is DataType.Float or DataType.Float16 or DataType.Uint8
                && PixelRange.Of(model, input, array.Shape, description) is { } range
            )
                return new Thumbnails(input.Name, range, description);
        return null;
    }

    /// <summary>Returns a small image of one row of a call in PNG format.</summary>
    public byte[] Png(Sample sample, int row)
    {
        var array = sample.Inputs[_input];
        var values = Row(array, row);
        var (depth, height, width) = _isChannelsLast
            ? ((int)array.Shape[3], (int)array.Shape[1], (int)array.Shape[2])
            : ((int)array.Shape[1], (int)array.Shape[2], (int)array.Shape[3]);
        var scale = Math.Max(1.0, Math.Max(height, width) / (double)MaxSide);
        var (outHeight, outWidth) = (Math.Max(1, (int)(height / scale)), Math.Max(1, (int)(width / scale)));
        var pixels = new byte[outHeight * outWidth * Channels];
        var (darkest, brightest) = _range is null ? (values.Min(), values.Max()) : (0, 0);
        for (var y = 0; y < outHeight; y++)
        for (var x = 0; x < outWidth; x++)
        for (var colour = 0; colour < Channels; colour++)
        {
            var channel = depth < Channels ? 0 : Channel(colour);
            var (black, white) = _range is null ? (darkest, brightest) : _range[channel];
            var mean = Mean(y, x, channel);
            pixels[(((y * outWidth) + x) * Channels) + colour] = (byte)Math.Clamp(255 * (mean - black) / (white == black ? 1 : white - black), 0, 255);
        }

        return PngFile.Encode(pixels, outWidth, outHeight);

        int Channel(int colour) => _isBgr ? Channels - 1 - colour : colour;

        // Returns the mean of one channel over all pixels of the original that one pixel of the small image covers.
        double Mean(int y, int x, int channel)
        {
            var (sum, count) = (0.0, 0);
            for (var v = (int)(y * scale); v < Math.Min(height, Math.Max((int)(y * scale) + 1, (int)((y + 1) * scale))); v++)
            for (var u = (int)(x * scale); u < Math.Min(width, Math.Max((int)(x * scale) + 1, (int)((x + 1) * scale))); u++)
            {
                sum += values[_isChannelsLast ? (((v * width) + u) * depth) + channel : (((channel * height) + v) * width) + u];
                count++;
            }

            return sum / count;
        }
    }

    private static double[] Row(SampleArray array, int row)
    {
        var count = (int)SampleArray.Count(array.Shape.AsSpan(1));
        var bytes = array.Data.AsSpan(row * count * SampleArray.ElementSize(array.Type), count * SampleArray.ElementSize(array.Type));
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = array.Type switch
            {
                DataType.Float => MemoryMarshal.Cast<byte, float>(bytes)[i],
                DataType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
                _ => bytes[i],
            };
        return values;
    }
}
