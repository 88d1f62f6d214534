using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>The values that stand for black and white in an input of images.</summary>
/// <param name="Channels">The two values of each channel; one pair if they are those of all channels.</param>
/// <param name="ChannelsLast">Whether the channels are the last axis rather than the second.</param>
internal sealed record PixelRange(IReadOnlyList<(double Black, double White)> Channels, bool ChannelsLast)
{
    private const double Bytes = 255;

    // The least side in pixels of an input that is treated as an image. Smaller inputs are too small for content that changes smoothly.
    private const long MinSide = 16;

    // A subtracted mean of at least this value shows that pixels lie in 0…255. The mean of pixels in 0…255 is far above the limit, and the mean of pixels in
    // 0…1 is below 1.
    private const double MinMeanOfBytes = 20;
    private const double MinDivisorOfBytes = 50;

    private static readonly HashSet<string> PassThrough = ["Cast", "Identity", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Resize"];

    /// <summary>Returns the range of an input, or null when its shape is not that of images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The input.</param>
    /// <param name="shape">The shape of the synthetic input.</param>
    /// <param name="description">The description of the image that the model takes; null if there is none.</param>
    public static PixelRange? Of(OnnxModel model, ValueSignature input, long[] shape, ImageDescription? description = null)
    {
        if (description is not null && DescribedLayout(shape, description.Channels) is { } isLast)
            return new PixelRange([.. description.Values.Select(channel => (channel.Offset, Bytes * channel.Factor + channel.Offset))], isLast);
        if (shape is not [_, var second, _, var last] || Layout(second, last, shape) is not { } channelsLast)
            return null;
        if (input.Type == "uint8" || Declared(model) is Bytes || (Declared(model) is null && TakesBytes(new Graph(model), input.Name)))
            return new PixelRange([(0, Bytes)], channelsLast);
        return new PixelRange([(Declared(model) is 0.5 ? 0 : -1, 1)], channelsLast);
    }

    /// <summary>Returns the values for black and white of a channel.</summary>
    public (double Black, double White) this[int channel] => Channels[Channels.Count == 1 ? 0 : channel];

    // Returns whether the channels are the last axis of an image whose number of channels is known, or null for other shapes. The sides of the image may have
    // any size.
    private static bool? DescribedLayout(long[] shape, int channels) =>
        shape is not [_, var second, _, var last] ? null
        : second == channels ? false
        : last == channels ? true
        : null;

    private static bool? Layout(long second, long last, long[] shape) =>
        second is 1 or 3 or 4 && Math.Min(shape[2], last) >= MinSide ? false
        : last is 1 or 3 or 4 && Math.Min(second, shape[2]) >= MinSide ? true
        : null;

    // The declared range from ONNX's image metadata: 255 stands for bytes, 0.5 for 0…1, 1 for −1…1, null for none. A pixel format alone means bytes.
    private static double? Declared(OnnxModel model) =>
        (model.GetMetadata("Image.NominalPixelRange"), model.GetMetadata("Image.BitmapPixelFormat")) switch
        {
            ("NominalRange_0_255" or "NominalRange_16_235", _) => Bytes,
            ("Normalized_0_1", _) => 0.5,
            ("Normalized_1_1", _) => 1,
            (null, not null) => Bytes,
            _ => null,
        };

    // Returns whether a model expects pixels in 0…255: all readers of the value divide it by about 255, or subtract a mean of pixels in 0…255.
    private static bool TakesBytes(Graph scope, string value)
    {
        var uses = scope.Consumers(value).ToArray();
        return uses.Length > 0
            && Array.TrueForAll(
                uses,
                use =>
                    use.Node.OpType switch
                    {
                        "ImageScaler" => true,
                        "Div" when use.Index == 0 => Largest(use, 1) >= MinDivisorOfBytes,
                        "Mul" => Largest(use, 1 - use.Index) is > 0 and <= 1 / MinDivisorOfBytes,
                        "Sub" when use.Index == 0 => Largest(use, 1) >= MinMeanOfBytes,
                        "Add" => Largest(use, 1 - use.Index) >= MinMeanOfBytes,
                        "BatchNormalization" when use.Index == 0 => Largest(use, 3) >= MinMeanOfBytes,
                        _ when PassThrough.Contains(use.Node.OpType) && use.Index == 0 => TakesBytes(use.Graph, use.Node.Output[0]),
                        _ => false,
                    }
            );
    }

    private static double Largest(ValueUse use, int input) =>
        use.Graph.TryGetConstant(use.Node.Input[input], out var constant)
        && (DataType)constant.DataType is DataType.Float or DataType.Float16 or DataType.Double
            ? constant.ToFloats().Select(value => (double)Math.Abs(value)).DefaultIfEmpty().Max()
            : 0;
}
